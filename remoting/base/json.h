#pragma once

// A JSON document as fastjson, RocketMQ's JSON library, understands one.
//
// Not nlohmann::json: the dialect has numbers and whole objects as member names, unquoted and
// single-quoted names, comments and references, so a normaliser in front of a strict parser would
// be a full parser itself, and its document could not hold the object keys.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "remoting/base/limits.h"
#include "remoting/base/status_or.h"

namespace comet {

// One value. Members of an object keep the order of the text and their keys are values too:
// a string, or a number, truth value, null or object where the dialect has one.
class Json {
 public:
  struct Member;
  using Array = std::vector<Json>;
  using Object = std::vector<Member>;

  Json();  // null
  explicit Json(bool value);
  explicit Json(std::int64_t value);
  explicit Json(double value);
  explicit Json(std::string value);
  explicit Json(Array value);
  explicit Json(Object value);
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  bool IsNull() const { return std::holds_alternative<std::monostate>(value_); }

  // Null when the value is of another kind.
  const bool* AsBool() const { return std::get_if<bool>(&value_); }
  const std::int64_t* AsInteger() const { return std::get_if<std::int64_t>(&value_); }
  const double* AsDouble() const { return std::get_if<double>(&value_); }
  const std::string* AsString() const { return std::get_if<std::string>(&value_); }
  const Array* AsArray() const { return std::get_if<Array>(&value_); }
  const Object* AsObject() const { return std::get_if<Object>(&value_); }
  Array* AsArray() { return std::get_if<Array>(&value_); }
  Object* AsObject() { return std::get_if<Object>(&value_); }

  // The value of the last member of this name; null when there is none or this is no object.
  const Json* Find(std::string_view name) const;

  // By content; members of objects in any order, of two of the same name the last counts.
  bool operator==(const Json& other) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

struct Json::Member {
  Json key, value;
  bool operator==(const Member& other) const = default;
};

// Here, because what they construct and destroy needs a complete Member.
inline Json::Json() = default;
inline Json::Json(bool value) : value_(value) {}
inline Json::Json(std::int64_t value) : value_(value) {}
inline Json::Json(double value) : value_(value) {}
inline Json::Json(std::string value) : value_(std::move(value)) {}
inline Json::Json(Array value) : value_(std::move(value)) {}
inline Json::Json(Object value) : value_(std::move(value)) {}
inline Json::Json(const Json& other) = default;
inline Json::Json(Json&& other) noexcept = default;
inline Json& Json::operator=(const Json& other) = default;
inline Json& Json::operator=(Json&& other) noexcept = default;
inline Json::~Json() = default;

// What a text may cost. The nodes bound the memory: about 40 bytes each.
struct JsonLimits {
  std::size_t bytes = limits::kJsonBytesMax;
  std::size_t depth = limits::kJsonDepthMax;
  std::size_t nodes = limits::kJsonNodesMax;
};

// Reads one value with nothing but blanks and comments around it; an empty text is null.
// Beyond strict JSON it takes what fastjson takes: names that are numbers, objects or identifiers,
// single quotes, comments, commas before a closing bracket, raw control characters in strings, \x41
// \v \0 \', a byte-order mark. References ({"$ref":"$.a[0]"}) are replaced by copies of what they
// name; one that names nothing, or an object around itself, is an error. Integers beyond 64 bits
// become doubles; half a surrogate pair becomes '?'. Errors are kInvalid and tell the byte.
StatusOr<Json> ParseJson(std::string_view text, const JsonLimits& limits = {});

}  // namespace comet
