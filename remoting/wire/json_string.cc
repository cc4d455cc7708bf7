#include "remoting/wire/json_string.h"

#include <algorithm>
#include <array>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace comet::wire {
namespace {

// 0: copied; 'u': \u00XX; anything else: the letter after the backslash.
constexpr auto kEscapes = [] {
  std::array<char, 256> table{};
  std::fill_n(table.begin(), 0x20, 'u');
  table['"'] = '"';
  table['\\'] = '\\';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  return table;
}();

char EscapeOf(char c) {
  return kEscapes[static_cast<unsigned char>(c)];
}

// Bytes at the beginning that need no escape; eight at a time.
std::size_t PlainBytes(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kHighs = 0x8080808080808080;
  const auto has_zero = [](std::uint64_t word) {
    return (word - kOnes) & ~word & kHighs;
  };
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t below_blank = (word - kOnes * 0x20) & ~word & kHighs;
    const std::uint64_t quote = has_zero(word ^ (kOnes * '"'));
    const std::uint64_t backslash = has_zero(word ^ (kOnes * '\\'));
    if ((below_blank | quote | backslash) != 0) break;
  }
  while (at < text.size() && EscapeOf(text[at]) == 0) ++at;
  return at;
}

#ifdef __SSE2__
// Whether one of the sixteen needs an escape.
bool AnyEscape(__m128i bytes) {
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  return _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))) != 0;
}

__m128i Sixteen(const char* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

// The first eight of `head` and of `tail`.
__m128i EightAndEight(const char* head, const char* tail) {
  return _mm_unpacklo_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(head)),
                            _mm_loadl_epi64(reinterpret_cast<const __m128i*>(tail)));
}
#endif

}  // namespace

#ifdef __SSE2__
bool IsPlainJson(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  if (text.size() < 8) return PlainBytes(text) == text.size();
  if (text.size() < 16) return !AnyEscape(EightAndEight(at, end - 8));
  for (; end - at > 16; at += 16) {
    if (AnyEscape(Sixteen(at))) return false;
  }
  return !AnyEscape(Sixteen(end - 16));
}
#else
bool IsPlainJson(std::string_view text) {
  return PlainBytes(text) == text.size();
}
#endif

void AppendUnicodeEscape(std::uint32_t code, std::string* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const char escape[] = {
      '\\',           'u', kHex[(code >> 12) & 15], kHex[(code >> 8) & 15], kHex[(code >> 4) & 15],
      kHex[code & 15]};
  out->append(escape, sizeof(escape));
}

void AppendJsonString(std::string_view text, std::string* out) {
  out->push_back('"');
  while (true) {
    const std::size_t plain = PlainBytes(text);
    out->append(text.substr(0, plain));
    if (plain == text.size()) break;
    const char c = text[plain];
    text.remove_prefix(plain + 1);
    if (const char escape = EscapeOf(c); escape == 'u') {
      AppendUnicodeEscape(static_cast<unsigned char>(c), out);
    } else {
      out->push_back('\\');
      out->push_back(escape);
    }
  }
  out->push_back('"');
}

}  // namespace comet::wire
