#include "remoting/wire/json_repair.h"

#include <cstdint>
#include <optional>

#include "remoting/base/utf8.h"
#include "remoting/wire/json_string.h"

namespace comet::wire {
namespace {

std::optional<std::uint32_t> ReadHex(std::string_view text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = text[i];
    value *= 16;
    if (c >= '0' && c <= '9') {
      value += static_cast<std::uint32_t>(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      value += static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

bool IsHigh(std::uint32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool IsLow(std::uint32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

// Each of these takes what stands at the beginning of `rest`, appends its strict spelling and
// returns how many bytes it took.

std::size_t TakeUnicodeEscape(std::string_view rest, std::string* out) {
  const auto unit = ReadHex(rest.substr(2), 4);
  if (!unit) {
    out->push_back('?');
    return 2;
  }
  if (!IsHigh(*unit) && !IsLow(*unit)) {
    out->append(rest.substr(0, 6));
    return 6;
  }
  if (IsHigh(*unit) && rest.substr(6, 2) == "\\u") {
    if (const auto second = ReadHex(rest.substr(8), 4); second && IsLow(*second)) {
      out->append(rest.substr(0, 12));
      return 12;
    }
  }
  out->push_back('?');
  return 6;
}

std::size_t TakeEscape(std::string_view rest, std::string* out) {
  if (rest.size() < 2) {
    out->push_back('\\');  // the text is cut short here; the parser will say so
    return 1;
  }
  const char c = rest[1];
  if (c == 'u') return TakeUnicodeEscape(rest, out);
  if (c == 'x') {
    if (const auto code = ReadHex(rest.substr(2), 2)) {
      AppendUnicodeEscape(*code, out);
      return 4;
    }
  }
  if (std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) {
    out->append(rest.substr(0, 2));
  } else if (c == 'v') {
    AppendUnicodeEscape('\v', out);
  } else if (c == '0') {
    AppendUnicodeEscape(0, out);
  } else {
    return 1;  // an escape of nothing: drop the backslash
  }
  return 2;
}

std::size_t TakeMultiByte(std::string_view rest, std::string* out) {
  std::size_t taken = 0;
  AppendUtf8(*out, NextCodePoint(rest, taken));
  return taken;
}

}  // namespace

void RepairJson(std::string_view text, std::string* out) {
  out->clear();
  bool in_string = false;
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    std::size_t taken = 1;
    if (in_string && c == '\\') {
      taken = TakeEscape(text, out);
    } else if (in_string && c < 0x20) {
      AppendUnicodeEscape(c, out);
    } else if (c >= 0x80) {
      taken = TakeMultiByte(text, out);
    } else {
      if (c == '"') in_string = !in_string;
      out->push_back(static_cast<char>(c));
    }
    text.remove_prefix(taken);
  }
}

}  // namespace comet::wire
