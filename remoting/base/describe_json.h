#pragma once

// Described struct <-> JSON text: bodies of requests and metadata files.
//
//   COMET_ASSIGN(auto data, FromJson<HeartbeatData>(body));
//   std::string body = ToJson(route, JsonStyle::kStrict);
//
// A member may be a bool, integer, double, string, enumeration with NamesOf, described struct,
// Json (passed through), or a vector, set, map or optional of these. Keys of maps are strings,
// integers or described structs. Members are written in alphabetical order, as Java does; an empty
// optional is left out.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/base/enum_names.h"
#include "remoting/base/json.h"
#include "remoting/base/json_writer.h"
#include "remoting/base/status_or.h"

namespace comet {

// Reads what fastjson would: unknown members are skipped, names match whatever their case and
// '_' or '-', the last of two members counts, a missing or null one keeps its initial value unless
// it is required, numbers and truth values may be text. Errors are kInvalid and name the member.
template <Described T>
StatusOr<T> FromJson(std::string_view text, const JsonLimits& limits = {});
template <Described T>
StatusOr<T> FromJson(const Json& value);

template <Described T>
std::string ToJson(const T& value, JsonStyle style = JsonStyle::kFastjson);

namespace json {

// Where a reading failed, built from the inside out: "queueDatas[3].perm: not a whole number".
class Trouble {
 public:
  bool Is(std::string_view why);     // always false, so that a reader can return it
  bool In(std::string_view member);  // false again
  bool At(std::size_t index);        // false again
  Status ToStatus() const;

 private:
  std::string path_, why_;
};

// A field of a described struct without its types.
struct Row {
  std::string_view key, alias;
  bool required;
  bool (*read)(const Json& value, void* object, Trouble* trouble);
  bool (*absent)(const void* object);  // an optional without a value
  void (*write)(std::string* out, const void* object, JsonStyle style);
};

bool ReadMembers(const Json& value, std::span<const Row> rows, void* object, Trouble* trouble);
void WriteMembers(std::string* out, std::span<const Row> rows, const void* object, JsonStyle style);

// Scalars, with fastjson's conversions. Null leaves the value as it is.
bool Read(const Json& value, bool* out, Trouble* trouble);
bool Read(const Json& value, std::int64_t* out, Trouble* trouble);
bool Read(const Json& value, double* out, Trouble* trouble);
bool Read(const Json& value, std::string* out, Trouble* trouble);
inline bool Read(const Json& value, Json* out, Trouble* /*trouble*/) {
  *out = value;
  return true;
}
bool ReadInteger(const Json& value, std::int64_t low, std::int64_t high, std::int64_t* out,
                 Trouble* trouble);

// A key that is an object, or the text of one.
StatusOr<Json> ObjectKey(const Json& key);

inline void Write(std::string* out, bool value, JsonStyle /*style*/) {
  *out += value ? "true" : "false";
}
inline void Write(std::string* out, std::int64_t value, JsonStyle style) {
  AppendJsonNumber(out, value, style);
}
inline void Write(std::string* out, double value, JsonStyle /*style*/) {
  AppendJsonNumber(out, value);
}
inline void Write(std::string* out, const std::string& value, JsonStyle style) {
  AppendJsonString(out, value, style);
}
inline void Write(std::string* out, const Json& value, JsonStyle style) {
  AppendJson(out, value, style);
}

template <class T>
concept SmallInteger = std::is_integral_v<T> && !std::is_same_v<T, bool> &&
                       !std::is_same_v<T, std::int64_t> && !std::is_same_v<T, std::uint64_t>;

// Declared before any is defined, so that containers nest in every order.
template <SmallInteger T>
bool Read(const Json& value, T* out, Trouble* trouble);
template <NamedEnum E>
bool Read(const Json& value, E* out, Trouble* trouble);
template <Described T>
bool Read(const Json& value, T* out, Trouble* trouble);
template <class T>
bool Read(const Json& value, std::optional<T>* out, Trouble* trouble);
template <class T>
bool Read(const Json& value, std::vector<T>* out, Trouble* trouble);
template <class T>
bool Read(const Json& value, std::set<T>* out, Trouble* trouble);
template <class K, class V>
bool Read(const Json& value, std::map<K, V>* out, Trouble* trouble);

template <SmallInteger T>
void Write(std::string* out, T value, JsonStyle style);
template <NamedEnum E>
void Write(std::string* out, E value, JsonStyle style);
template <Described T>
void Write(std::string* out, const T& value, JsonStyle style);
template <class T>
void Write(std::string* out, const std::optional<T>& value, JsonStyle style);
template <class T>
void Write(std::string* out, const std::vector<T>& value, JsonStyle style);
template <class T>
void Write(std::string* out, const std::set<T>& value, JsonStyle style);
template <class K, class V>
void Write(std::string* out, const std::map<K, V>& value, JsonStyle style);

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <Described T, std::size_t I>
constexpr Row MakeRow() {
  constexpr auto kField = LineAt<I>(kFieldsOf<T>);
  return {kField.key,
          kField.alias,
          kField.need == Need::kRequired,
          [](const Json& value, void* object, Trouble* trouble) {
            constexpr auto kThis = LineAt<I>(kFieldsOf<T>);
            return Read(value, &(static_cast<T*>(object)->*kThis.member), trouble);
          },
          [](const void* object) {
            constexpr auto kThis = LineAt<I>(kFieldsOf<T>);
            const auto& member = static_cast<const T*>(object)->*kThis.member;
            using Member = std::remove_cvref_t<decltype(member)>;
            if constexpr (kIsOptional<Member>) return !member.has_value();
            if constexpr (std::is_same_v<Member, Json>) return member.IsNull();
            return false;
          },
          [](std::string* out, const void* object, JsonStyle style) {
            constexpr auto kThis = LineAt<I>(kFieldsOf<T>);
            Write(out, static_cast<const T*>(object)->*kThis.member, style);
          }};
}

// Alphabetical, the order of writing.
template <Described T>
inline constexpr auto kRows = []<std::size_t... I>(std::index_sequence<I...>) {
  std::array<Row, sizeof...(I)> rows{MakeRow<T, I>()...};
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.key < b.key; });
  return rows;
}
(std::make_index_sequence<kFieldCount<T>>{});

template <SmallInteger T>
bool Read(const Json& value, T* out, Trouble* trouble) {
  std::int64_t wide = *out;
  if (!ReadInteger(value, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), &wide,
                   trouble)) {
    return false;
  }
  *out = static_cast<T>(wide);
  return true;
}

// Any case; a number is the ordinal. A name nobody declared is an error.
template <NamedEnum E>
bool Read(const Json& value, E* out, Trouble* trouble) {
  if (value.IsNull()) return true;
  std::optional<E> found;
  if (const auto* name = value.AsString()) found = EnumOf<E>(*name);
  if (const auto* ordinal = value.AsInteger()) found = EnumAt<E>(*ordinal);
  if (!found) return trouble->Is("not a name of the enumeration");
  *out = *found;
  return true;
}

template <Described T>
bool Read(const Json& value, T* out, Trouble* trouble) {
  if (value.IsNull()) return true;
  T fresh;
  if (!ReadMembers(value, kRows<T>, &fresh, trouble)) return false;
  *out = std::move(fresh);
  return true;
}

template <class T>
bool Read(const Json& value, std::optional<T>* out, Trouble* trouble) {
  out->reset();
  return value.IsNull() || Read(value, &out->emplace(), trouble);
}

// The items of an array; null stands for none. Null items are left out.
template <class Add>
bool ReadItems(const Json& value, Trouble* trouble, Add add) {
  if (value.IsNull()) return true;
  const auto* items = value.AsArray();
  if (items == nullptr) return trouble->Is("not an array");
  for (std::size_t i = 0; i < items->size(); ++i) {
    if (!(*items)[i].IsNull() && !add((*items)[i])) return trouble->At(i);
  }
  return true;
}

template <class T>
bool Read(const Json& value, std::vector<T>* out, Trouble* trouble) {
  out->clear();
  return ReadItems(value, trouble, [&](const Json& item) {
    T read{};
    if (!Read(item, &read, trouble)) return false;
    out->push_back(std::move(read));
    return true;
  });
}

template <class T>
bool Read(const Json& value, std::set<T>* out, Trouble* trouble) {
  out->clear();
  return ReadItems(value, trouble, [&](const Json& item) {
    T read{};
    if (!Read(item, &read, trouble)) return false;
    out->insert(std::move(read));
    return true;
  });
}

template <class K>
bool ReadKey(const Json& key, K* out, Trouble* trouble) {
  if constexpr (Described<K>) {
    const auto object = ObjectKey(key);
    return object.ok() ? Read(*object, out, trouble) : trouble->Is(object.error().message());
  } else if (key.IsNull()) {
    return trouble->Is("null is no key here");
  } else {
    return Read(key, out, trouble);
  }
}

template <class K, class V>
bool Read(const Json& value, std::map<K, V>* out, Trouble* trouble) {
  out->clear();
  if (value.IsNull()) return true;
  const auto* object = value.AsObject();
  if (object == nullptr) return trouble->Is("not an object");
  for (const auto& member : *object) {
    if (member.value.IsNull()) continue;
    K key{};
    if (!ReadKey(member.key, &key, trouble)) return trouble->In("key");
    V read{};
    if (!Read(member.value, &read, trouble)) {
      std::string name;
      AppendJson(&name, member.key, JsonStyle::kFastjson);
      return trouble->In(name);
    }
    out->insert_or_assign(std::move(key), std::move(read));
  }
  return true;
}

template <SmallInteger T>
void Write(std::string* out, T value, JsonStyle style) {
  AppendJsonNumber(out, std::int64_t{value}, style);
}

template <NamedEnum E>
void Write(std::string* out, E value, JsonStyle style) {
  AppendJsonString(out, EnumName(value), style);
}

template <Described T>
void Write(std::string* out, const T& value, JsonStyle style) {
  WriteMembers(out, kRows<T>, &value, style);
}

template <class T>
void Write(std::string* out, const std::optional<T>& value, JsonStyle style) {
  if (value) {
    Write(out, *value, style);
  } else {
    *out += "null";
  }
}

template <class Items>
void WriteItems(std::string* out, const Items& items, JsonStyle style) {
  out->push_back('[');
  bool first = true;
  for (const auto& item : items) {
    if (!std::exchange(first, false)) out->push_back(',');
    Write(out, item, style);
  }
  out->push_back(']');
}

template <class T>
void Write(std::string* out, const std::vector<T>& value, JsonStyle style) {
  WriteItems(out, value, style);
}

template <class T>
void Write(std::string* out, const std::set<T>& value, JsonStyle style) {
  WriteItems(out, value, style);
}

template <class K>
void WriteKey(std::string* out, const K& key, JsonStyle style) {
  if constexpr (std::is_same_v<K, std::string>) {
    AppendJsonString(out, key, style);
  } else {
    std::string bare;
    Write(&bare, key, style);
    AppendJsonKey(out, bare, style);
  }
}

template <class K, class V>
void Write(std::string* out, const std::map<K, V>& value, JsonStyle style) {
  out->push_back('{');
  bool first = true;
  for (const auto& [key, mapped] : value) {
    if (!std::exchange(first, false)) out->push_back(',');
    WriteKey(out, key, style);
    out->push_back(':');
    Write(out, mapped, style);
  }
  out->push_back('}');
}

}  // namespace json

template <Described T>
StatusOr<T> FromJson(const Json& value) {
  if (value.IsNull())
    return Status(Status::Code::kInvalid, "JSON: nothing where an object belongs");
  T read{};
  json::Trouble trouble;
  if (!json::Read(value, &read, &trouble)) return trouble.ToStatus();
  return read;
}

template <Described T>
StatusOr<T> FromJson(std::string_view text, const JsonLimits& limits) {
  COMET_ASSIGN(const Json value, ParseJson(text, limits));
  return FromJson<T>(value);
}

template <Described T>
std::string ToJson(const T& value, JsonStyle style) {
  std::string text;
  json::Write(&text, value, style);
  return text;
}

}  // namespace comet
