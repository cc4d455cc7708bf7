#pragma once

// How the value of a setting is written and read, by its type.

#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "remoting/base/enum_names.h"
#include "remoting/base/text.h"

namespace comet {

// Bounds of a number, both allowed.
struct Between {
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
};

template <class T>
concept IntegerSetting = std::integral<T> && !std::same_as<T, bool> &&
                         (sizeof(T) < sizeof(std::int64_t) || std::is_signed_v<T>);

template <IntegerSetting T>
constexpr Between Narrow(Between range) {
  const auto low = static_cast<std::int64_t>(std::numeric_limits<T>::min());
  const auto high = static_cast<std::int64_t>(std::numeric_limits<T>::max());
  return {range.low < low ? low : range.low, range.high > high ? high : range.high};
}

// The text may not be stored when the answer is false. It comes without blanks around it.
inline bool ParseSetting(std::string_view text, Between /*range*/, std::string* value) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ') return false;  // a line end would forge a setting
  }
  *value = text;
  return true;
}
inline bool ParseSetting(std::string_view text, Between /*range*/, bool* value) {
  const bool truth = EqualIgnoringCase(text, "true");
  if (!truth && !EqualIgnoringCase(text, "false")) return false;
  *value = truth;
  return true;
}
template <IntegerSetting T>
bool ParseSetting(std::string_view text, Between range, T* value) {
  const auto number = ParseNumber<std::int64_t>(text);
  const Between bounds = Narrow<T>(range);
  if (!number || *number < bounds.low || *number > bounds.high) return false;
  *value = static_cast<T>(*number);
  return true;
}
inline bool ParseSetting(std::string_view text, Between range, double* value) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  const bool inside =
      number >= static_cast<double>(range.low) && number <= static_cast<double>(range.high);
  if (inside) *value = number;  // NaN is never inside
  return inside;
}
template <NamedEnum E>
bool ParseSetting(std::string_view text, Between /*range*/, E* value) {
  const auto named = EnumOf<E>(text);
  if (named) *value = *named;
  return named.has_value();
}

inline std::string PrintSetting(const std::string& value) {
  return value;
}
inline std::string PrintSetting(bool value) {
  return value ? "true" : "false";
}
template <IntegerSetting T>
std::string PrintSetting(T value) {
  return Concat(std::int64_t{value});
}
inline std::string PrintSetting(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof(text), value).ptr};
}
template <NamedEnum E>
std::string PrintSetting(E value) {
  return std::string(EnumName(value));
}

inline std::string AllowedText(std::type_identity<std::string> /*type*/, Between /*range*/) {
  return "text without control characters";
}
inline std::string AllowedText(std::type_identity<bool> /*type*/, Between /*range*/) {
  return "true or false";
}
template <IntegerSetting T>
std::string AllowedText(std::type_identity<T> /*type*/, Between range) {
  const Between bounds = Narrow<T>(range);
  return Concat("a whole number from ", bounds.low, " to ", bounds.high);
}
inline std::string AllowedText(std::type_identity<double> /*type*/, Between range) {
  const Between any;
  if (range.low == any.low && range.high == any.high) return "a number";
  return Concat("a number from ", range.low, " to ", range.high);
}
template <NamedEnum E>
std::string AllowedText(std::type_identity<E> /*type*/, Between /*range*/) {
  std::string text = "one of";
  for (const auto name : NamesOf(E{})) text += Concat(text == "one of" ? " " : ", ", name);
  return text;
}

}  // namespace comet
