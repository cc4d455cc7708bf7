#pragma once

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace comet {

// The first of the two characters in [at, end), or end. `begin` is where the text begins, at or
// before `at`. For texts of a few dozen bytes, of which every message has several: a call of memchr
// costs as much as it takes to find most of them.
inline const char* FindEither([[maybe_unused]] const char* begin, const char* at, const char* end,
                              char first, char second) {
#ifdef __SSE2__
  constexpr int kStep = sizeof(__m128i);
  const auto found_in = [&](const char* piece) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(piece));
    return static_cast<unsigned>(
        _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(first)),
                                       _mm_cmpeq_epi8(bytes, _mm_set1_epi8(second)))));
  };
  for (; end - at >= kStep; at += kStep) {
    if (const unsigned found = found_in(at); found != 0) return at + __builtin_ctz(found);
  }
  if (end - begin >= kStep) {  // the rest is the end of the last whole piece
    const unsigned found = found_in(end - kStep) >> (kStep - (end - at));
    return found != 0 ? at + __builtin_ctz(found) : end;
  }
#endif
  while (at != end && *at != first && *at != second) ++at;
  return at;
}

}  // namespace comet
