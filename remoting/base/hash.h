#pragma once

// Java's String.hashCode, on which tags codes and the slots of the key index rest.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "remoting/base/utf8.h"

namespace comet {

// As JavaStringHash has it, of eight ASCII characters in the order of memory: pairs, then fours,
// then all eight are put together side by side in one word.
constexpr std::uint32_t HashOfEight(std::uint64_t word) {
  constexpr std::uint64_t kOdd = 0x00FF00FF00FF00FF, kOddPairs = 0x0000FFFF0000FFFF;
  const std::uint64_t pairs = (word & kOdd) * 31 + ((word >> 8) & kOdd);
  const std::uint64_t fours = (pairs & kOddPairs) * (31 * 31) + ((pairs >> 16) & kOddPairs);
  return static_cast<std::uint32_t>(fours) * (31 * 31 * 31 * 31) +
         static_cast<std::uint32_t>(fours >> 32);
}

// The hash of the UTF-16 form of `utf8`: s[0]*31^(n-1) + ... + s[n-1] in 32 bits. A character
// outside the basic plane counts as its two surrogates. `seed` is the hash of the text before it.
inline std::int32_t JavaStringHash(std::string_view utf8, std::int32_t seed = 0) {
  auto hash = static_cast<std::uint32_t>(seed);
  std::size_t at = 0;
  constexpr std::uint32_t kFour = 31 * 31 * 31 * 31;
  static_assert(std::endian::native == std::endian::little);
  for (std::uint64_t word = 0; at + sizeof(word) <= utf8.size(); at += sizeof(word)) {
    std::memcpy(&word, utf8.data() + at, sizeof(word));
    if ((word & 0x8080808080808080) != 0) break;
    hash = hash * (kFour * kFour) + HashOfEight(word);
  }
  while (at < utf8.size()) {
    if (const auto code = static_cast<unsigned char>(utf8[at]); code < 0x80) {
      hash = hash * 31 + code;
      ++at;
      continue;
    }
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
