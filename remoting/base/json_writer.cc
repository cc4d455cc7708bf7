#include "remoting/base/json_writer.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "remoting/base/text.h"
#include "remoting/base/utf8.h"

namespace comet {
namespace {

constexpr std::int64_t kSafeInteger = (std::int64_t{1} << 53) - 1;  // a double holds all up to here

void AppendUnit(std::string* out, unsigned unit) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  *out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out->push_back(kDigits[unit >> shift & 0xf]);
}

void AppendEscapedPoint(std::string* out, char32_t point) {
  if (point < 0x10000) {
    AppendUnit(out, point);
  } else {
    AppendUnit(out, 0xd800 + ((point - 0x10000) >> 10));
    AppendUnit(out, 0xdc00 + ((point - 0x10000) & 0x3ff));
  }
}

// The letter of a two-character escape, or 0.
char ShortEscape(char c, JsonStyle style) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '/':
      return style == JsonStyle::kStrict ? c : '\0';
    case '\b':
      return 'b';
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\f':
      return 'f';
    case '\r':
      return 'r';
    default:
      return '\0';
  }
}

bool IsPlain(char c) {
  return c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '/';
}

bool MustEscape(char32_t point, JsonStyle style) {
  if (point < 0x20 || (point >= 0x7f && style == JsonStyle::kStrict)) return true;
  return (point >= 0x7f && point <= 0x9f) || point == 0x2028 || point == 0x2029;
}

void AppendObject(std::string* out, const Json::Object& object, JsonStyle style) {
  char separator = '{';
  for (const auto& member : object) {
    if (member.value.IsNull()) continue;
    out->push_back(separator);
    separator = ',';
    if (const auto* name = member.key.AsString()) {
      AppendJsonString(out, *name, style);
    } else if (style == JsonStyle::kStrict) {
      std::string key;
      AppendJson(&key, member.key, style);
      AppendJsonString(out, key, style);
    } else {
      AppendJson(out, member.key, style);
    }
    out->push_back(':');
    AppendJson(out, member.value, style);
  }
  if (separator == '{') out->push_back('{');
  out->push_back('}');
}

void AppendArray(std::string* out, const Json::Array& array, JsonStyle style) {
  char separator = '[';
  for (const auto& item : array) {
    out->push_back(separator);
    separator = ',';
    AppendJson(out, item, style);
  }
  if (separator == '[') out->push_back('[');
  out->push_back(']');
}

}  // namespace

void AppendJsonString(std::string* out, std::string_view text, JsonStyle style) {
  out->push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    while (at < text.size() && IsPlain(text[at])) ++at;
    out->append(text.substr(begin, at - begin));
    if (at == text.size()) break;
    if (const char letter = ShortEscape(text[at], style)) {
      out->push_back('\\');
      out->push_back(letter);
      ++at;
      continue;
    }
    const char32_t point = NextCodePoint(text, at);
    if (MustEscape(point, style)) {
      AppendEscapedPoint(out, point);
    } else {
      AppendUtf8(*out, point);
    }
  }
  out->push_back('"');
}

void AppendJsonNumber(std::string* out, std::int64_t value, JsonStyle style) {
  const bool quoted =
      style == JsonStyle::kStrict && (value > kSafeInteger || value < -kSafeInteger);
  if (quoted) out->push_back('"');
  AppendText(out, value);
  if (quoted) out->push_back('"');
}

void AppendJsonNumber(std::string* out, double value) {
  if (!std::isfinite(value)) {
    *out += "null";
    return;
  }
  // The shortest digits that give the value back, as d.ddde+xx; Java places the point itself.
  char text[40];
  const auto end =
      std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific).ptr;
  std::string_view all(text, static_cast<std::size_t>(end - text));
  if (all.starts_with('-')) {
    out->push_back('-');
    all.remove_prefix(1);
  }
  const auto e = all.find('e');
  const int exponent = std::atoi(std::string(all.substr(e + 1)).c_str());
  std::string digits(1, all[0]);
  if (e > 2) digits += all.substr(2, e - 2);
  const double size = std::fabs(value);
  if (size != 0 && (size < 1e-3 || size >= 1e7)) {
    const std::string fraction = digits.size() > 1 ? digits.substr(1) : "0";
    *out += Concat(digits[0], '.', fraction, 'E', exponent);
  } else if (exponent < 0) {
    *out += Concat("0.", std::string(static_cast<std::size_t>(-exponent - 1), '0'), digits);
  } else {
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() < whole + 1) digits.resize(whole + 1, '0');
    *out += Concat(digits.substr(0, whole), '.', digits.substr(whole));
  }
}

void AppendJsonKey(std::string* out, std::string_view bare, JsonStyle style) {
  if (style == JsonStyle::kStrict) {
    AppendJsonString(out, bare, style);
  } else {
    out->append(bare);
  }
}

void AppendJson(std::string* out, const Json& value, JsonStyle style) {
  if (const auto* truth = value.AsBool()) {
    AppendText(out, *truth);
  } else if (const auto* integer = value.AsInteger()) {
    AppendJsonNumber(out, *integer, style);
  } else if (const auto* number = value.AsDouble()) {
    AppendJsonNumber(out, *number);
  } else if (const auto* text = value.AsString()) {
    AppendJsonString(out, *text, style);
  } else if (const auto* array = value.AsArray()) {
    AppendArray(out, *array, style);
  } else if (const auto* object = value.AsObject()) {
    AppendObject(out, *object, style);
  } else {
    *out += "null";
  }
}

}  // namespace comet
