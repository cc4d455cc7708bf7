#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace comet {

inline void AppendText(std::string* to, std::string_view text) {
  to->append(text);
}
inline void AppendText(std::string* to, char c) {
  to->push_back(c);
}

// A template, or a string literal would rather become a bool than a string_view.
template <std::same_as<bool> T>
void AppendText(std::string* to, T value) {
  to->append(value ? "true" : "false");
}

template <std::integral T>
requires(!std::same_as<T, char> && !std::same_as<T, bool>) void AppendText(std::string* to,
                                                                           T value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  to->append(digits, end);
}

// Concat("queue ", 3, " of ", topic): text and numbers joined, without a format string.
template <class... Parts>
std::string Concat(const Parts&... parts) {
  std::string text;
  (AppendText(&text, parts), ...);
  return text;
}

// The whole text as a decimal number; nothing if it is anything else or does not fit.
template <std::integral T>
std::optional<T> ParseNumber(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace comet
