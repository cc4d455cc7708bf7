#pragma once

// Java's String.hashCode, on which tags codes and the slots of the key index rest.

#include <cstdint>
#include <string_view>

#include "remoting/base/utf8.h"

namespace comet {

// The hash of the UTF-16 form of `utf8`: s[0]*31^(n-1) + ... + s[n-1] in 32 bits. A character
// outside the basic plane counts as its two surrogates. `seed` is the hash of the text before it.
inline std::int32_t JavaStringHash(std::string_view utf8, std::int32_t seed = 0) {
  auto hash = static_cast<std::uint32_t>(seed);
  std::size_t at = 0;
  // Four plain characters at a time: one multiplication in a row instead of four.
  const auto code = [&](std::size_t n) {
    return static_cast<std::uint32_t>(utf8[at + n]);
  };
  for (; at + 4 <= utf8.size(); at += 4) {
    if (((code(0) | code(1) | code(2) | code(3)) & 0x80) != 0) break;
    hash = hash * (31 * 31 * 31 * 31) + code(0) * (31 * 31 * 31) + code(1) * (31 * 31) +
           code(2) * 31 + code(3);
  }
  while (at < utf8.size()) {
    const char32_t point = NextCodePoint(utf8, at);
    if (point >= 0x10000) {
      hash = hash * 31 + static_cast<std::uint32_t>(0xd800 + ((point - 0x10000) >> 10));
      hash = hash * 31 + static_cast<std::uint32_t>(0xdc00 + ((point - 0x10000) & 0x3ff));
    } else {
      hash = hash * 31 + static_cast<std::uint32_t>(point);
    }
  }
  return static_cast<std::int32_t>(hash);
}

}  // namespace comet
