#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "remoting/base/describe.h"
#include "remoting/base/enum_names.h"
#include "remoting/base/status.h"
#include "remoting/base/text.h"
#include "remoting/wire/ext_fields.h"

namespace comet::wire {

// Described struct <-> ext fields of a header. Members may be std::string_view (borrowed),
// std::string, bool, std::int32_t, std::int64_t, double, an enum with names (base/enum_names.h), or
// a std::optional of one.
// - Decoding ignores unknown fields, accepts the alias of a field for its key, lets the last of
//   equal keys win, and fails naming the field on a missing, malformed or overlong value.
// - An empty value of an optional number counts as absent: the binary form knows no difference.
// - Encoding leaves out empty optionals and empty optional strings; everything else is written,
//   as Java writes its primitive members.

// No header field of any client comes near it; properties end at 32,767 bytes.
inline constexpr std::size_t kMaxFieldBytes = 128 * 1024;

// Which of its two names a field is written under. The V2 send headers use the short ones.
enum class Spelling : std::uint8_t { kLong, kShort };

namespace codec_internal {

// Whether the text is digits alone, and too few of them to be more than fits: nearly every number
// of a header is, and takes a third of what it takes to find out what else it may be.
template <std::integral N>
bool ParseDigits(std::string_view text, N& out) {
  if (text.empty() || text.size() > std::numeric_limits<N>::digits10) return false;
  std::uint64_t value = 0;
  for (const char c : text) {
    const unsigned digit = static_cast<unsigned char>(c) - unsigned{'0'};
    if (digit > 9) return false;
    value = value * 10 + digit;
  }
  out = static_cast<N>(value);
  return true;
}

// Each returns nullptr, or what is wrong with the text.
template <class N>
requires std::integral<N> || std::floating_point<N>
const char* ParseText(std::string_view text, N& out) {
  if constexpr (std::integral<N>) {
    if (ParseDigits(text, out)) return nullptr;
  }
  const char* first = text.data();
  const char* const last = first + text.size();
  if (text.size() > 1 && *first == '+' && first[1] != '-') ++first;  // as Java's parsers
  const auto [end, error] = std::from_chars(first, last, out);
  if (error == std::errc::result_out_of_range) return "does not fit its type";
  return error == std::errc() && end == last ? nullptr : "is not a number";
}
inline const char* ParseText(std::string_view text, bool& out) {
  // As clients write it first; the rest is for people.
  if (text == "true" || EqualIgnoringCase(text, "true") || text == "1") {
    out = true;
  } else if (text == "false" || EqualIgnoringCase(text, "false") || text == "0") {
    out = false;
  } else {
    return "is neither true nor false";
  }
  return nullptr;
}
inline const char* ParseText(std::string_view text, std::string_view& out) {
  out = text;
  return nullptr;
}
inline const char* ParseText(std::string_view text, std::string& out) {
  out.assign(text);
  return nullptr;
}
template <NamedEnum E>
const char* ParseText(std::string_view text, E& out) {
  const auto value = EnumOf<E>(text);
  if (!value) return "is not one of the known names";
  out = *value;
  return nullptr;
}

template <class M>
inline constexpr bool kIsText = std::same_as<M, std::string_view> || std::same_as<M, std::string>;

template <class M>
struct OptionalOf : std::false_type {
  using Value = M;
};
template <class M>
struct OptionalOf<std::optional<M>> : std::true_type {
  using Value = M;
};

template <class T, class M>
const char* ParseMember(std::string_view text, T& into, M T::*member, Need need) {
  using Value = typename OptionalOf<M>::Value;
  if constexpr (!kIsText<Value>) {
    if (text.empty() && need == Need::kOptional) return nullptr;
  }
  if constexpr (OptionalOf<M>::value) {
    return ParseText(text, (into.*member).emplace());
  } else {
    return ParseText(text, into.*member);
  }
}

template <class T>
struct Row {
  std::string_view key;
  std::string_view alias;
  Need need;
  const char* (*parse)(std::string_view text, T& into);

  bool Matches(std::string_view name) const { return Is(name, alias) || Is(name, key); }

 private:
  // Most names differ, or end, with their first character.
  static bool Is(std::string_view name, std::string_view known) {
    return name.size() == known.size() && !name.empty() && name[0] == known[0] &&
           (name.size() == 1 || name == known);
  }
};

template <class T, std::size_t I>
const char* ParseRow(std::string_view text, T& into) {
  constexpr auto kField = LineAt<I>(kFieldsOf<T>);
  return ParseMember(text, into, kField.member, kField.need);
}

template <class T, std::size_t... I>
constexpr auto MakeRows(std::index_sequence<I...>) {
  return std::array<Row<T>, sizeof...(I)>{Row<T>{LineAt<I>(kFieldsOf<T>).key,
                                                 LineAt<I>(kFieldsOf<T>).alias,
                                                 LineAt<I>(kFieldsOf<T>).need, &ParseRow<T, I>}...};
}

// The list of fields as a table the decoder can walk at run time.
template <Described T>
inline constexpr auto kRows = MakeRows<T>(std::make_index_sequence<kFieldCount<T>>());

template <Described T>
constexpr std::uint64_t RequiredMask() {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < kRows<T>.size(); ++i) {
    if (kRows<T>[i].need == Need::kRequired) mask |= std::uint64_t{1} << i;
  }
  return mask;
}

Status BadField(std::string_view key, std::string_view value, std::string_view why);
Status MissingField(std::string_view key);

template <class Put, class M>
void PutValue(std::string_view key, const M& value, Need need, Put&& put) {
  if constexpr (OptionalOf<M>::value) {
    if (value) PutValue(key, *value, Need::kRequired, put);
  } else if constexpr (kIsText<M>) {
    if (need == Need::kRequired || !value.empty()) put(key, std::string_view(value));
  } else if constexpr (std::same_as<M, bool>) {
    put(key, value ? std::string_view("true") : std::string_view("false"));
  } else if constexpr (NamedEnum<M>) {
    put(key, EnumName(value));
  } else {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
    put(key, std::string_view(digits, static_cast<std::size_t>(end - digits)));
  }
}

}  // namespace codec_internal

// Fills *into from the ext fields of a header. On an error *into is half filled.
template <Described T>
Status DecodeFields(const ExtFields& ext, T* into) {
  constexpr std::size_t kCount = kFieldCount<T>;
  static_assert(kCount <= 64, "the required mask has 64 bits");
  if constexpr (kCount > 0) {
    const auto& rows = codec_internal::kRows<T>;
    std::uint64_t seen = 0;
    std::size_t next = 0;  // senders write fields in order, so this is where to look first
    for (const ExtField& field : ext) {
      std::size_t at = next;
      std::size_t tried = 0;
      while (tried < kCount && !rows[at].Matches(field.key)) {
        at = at + 1 == kCount ? 0 : at + 1;
        ++tried;
      }
      if (tried == kCount) continue;
      if (field.value.size() > kMaxFieldBytes) {
        return codec_internal::BadField(rows[at].key, {}, "is too long");
      }
      if (const char* why = rows[at].parse(field.value, *into)) {
        return codec_internal::BadField(rows[at].key, field.value, why);
      }
      seen |= std::uint64_t{1} << at;
      next = at + 1 == kCount ? 0 : at + 1;
    }
    constexpr std::uint64_t kRequired = codec_internal::RequiredMask<T>();
    if (const std::uint64_t missing = kRequired & ~seen; missing != 0) {
      return codec_internal::MissingField(
          rows[static_cast<std::size_t>(__builtin_ctzll(missing))].key);
    }
  }
  return {};
}

// Calls put(key, text) for every field that is written.
template <Described T, class Put>
void EncodeFields(const T& from, Spelling spelling, Put&& put) {
  ForEachField<T>([&](const auto& field) {
    const bool use_alias = spelling == Spelling::kShort && !field.alias.empty();
    codec_internal::PutValue(use_alias ? field.alias : field.key, from.*field.member, field.need,
                             put);
  });
}

}  // namespace comet::wire
