#pragma once

// Decoding of UTF-8 as Java does it: what is not UTF-8 counts as U+FFFD.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace comet {

inline constexpr char32_t kReplacementCharacter = 0xfffd;

// Reads the code point at `at` and moves `at` behind it. Truncated, overlong and surrogate
// sequences give U+FFFD and skip one byte; `valid`, when given, is then set to false.
inline char32_t NextCodePoint(std::string_view text, std::size_t& at, bool* valid = nullptr) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const unsigned lead = byte(at);
  if (lead < 0x80) {
    ++at;
    return lead;
  }
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  bool good = lead >= 0xc2 && lead <= 0xf4 && at + length <= text.size();
  char32_t point = lead & (0x7fU >> length);
  for (std::size_t i = 1; good && i < length; ++i) {
    good = (byte(at + i) & 0xc0U) == 0x80;
    point = (point << 6) | (byte(at + i) & 0x3fU);
  }
  good = good && point >= kLeast[length] && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  at += good ? length : 1;
  if (!good && valid != nullptr) *valid = false;
  return good ? point : kReplacementCharacter;
}

// Appends a code point that is not a surrogate.
inline void AppendUtf8(std::string& out, char32_t point) {
  const auto put = [&](char32_t bits) {
    out.push_back(static_cast<char>(bits));
  };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | point >> 6), put(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    put(0xe0 | point >> 12), put(0x80 | (point >> 6 & 0x3f)), put(0x80 | (point & 0x3f));
  } else {
    put(0xf0 | point >> 18), put(0x80 | (point >> 12 & 0x3f));
    put(0x80 | (point >> 6 & 0x3f)), put(0x80 | (point & 0x3f));
  }
}

}  // namespace comet
