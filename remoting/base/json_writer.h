#pragma once

// Compact JSON text, byte for byte as RocketMQ's peers write it.

#include <cstdint>
#include <string>
#include <string_view>

#include "remoting/base/json.h"

namespace comet {

enum class JsonStyle {
  kFastjson,  // integer and object keys bare, text in UTF-8: what Java peers write by default
  kStrict     // every key quoted, ASCII only, "\/", integers beyond 2^53 as text: what fastjson's
              // BrowserCompatible writes; a JSON parser of any language reads it
};

// With quotes. What is not UTF-8 becomes U+FFFD.
void AppendJsonString(std::string* out, std::string_view text, JsonStyle style);
void AppendJsonNumber(std::string* out, std::int64_t value, JsonStyle style);
void AppendJsonNumber(std::string* out, double value);  // as Java's Double.toString; NaN is null
void AppendJson(std::string* out, const Json& value, JsonStyle style);

// The text of an integer or other bare key, quoted when the style wants it.
void AppendJsonKey(std::string* out, std::string_view bare, JsonStyle style);

}  // namespace comet
