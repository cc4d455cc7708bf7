#pragma once

// The spelling of an enumeration in files and on the wire, declared once beside it:
//
//   enum class MessageModel : std::uint8_t { kBroadcasting, kClustering };
//   constexpr auto NamesOf(MessageModel) { return std::array{"BROADCASTING"sv, "CLUSTERING"sv}; }
//
// Values count from 0 without holes, as Java's ordinals do.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

namespace comet {

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires {
  std::tuple_size<decltype(NamesOf(E{}))>::value;
};

// Empty for a value that is not declared.
template <NamedEnum E>
constexpr std::string_view EnumName(E value) {
  constexpr auto kNames = NamesOf(E{});
  const auto at = static_cast<std::size_t>(value);
  return at < kNames.size() ? kNames[at] : std::string_view();
}

inline char LowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (LowerAscii(a[i]) != LowerAscii(b[i])) return false;
  }
  return true;
}

// In any case, as fastjson does.
template <NamedEnum E>
std::optional<E> EnumOf(std::string_view name) {
  constexpr auto kNames = NamesOf(E{});
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (EqualIgnoringCase(name, kNames[i])) return static_cast<E>(i);
  }
  return std::nullopt;
}

template <NamedEnum E>
constexpr std::optional<E> EnumAt(std::int64_t ordinal) {
  constexpr auto kCount = static_cast<std::int64_t>(NamesOf(E{}).size());
  if (ordinal < 0 || ordinal >= kCount) return std::nullopt;
  return static_cast<E>(ordinal);
}

}  // namespace comet
