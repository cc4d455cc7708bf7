#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "remoting/base/describe.h"

namespace comet::wire {

// The codes under which a request travels; unused places are 0. 32 bits, because the pop family
// starts at 200050. Such a code does not fit the binary header, whose code field has 16 bits:
// the frame writer then uses the JSON form.
using Codes = std::array<std::int32_t, 3>;

// What the router needs to know of a request: a name, codes, and two described structs. Strings
// in them are borrowed from the frame they were decoded from, or by whoever encodes them.
template <class R>
concept Request = Described<typename R::Header> && Described<typename R::Reply> && requires {
  { R::kName } -> std::convertible_to<std::string_view>;
  { R::kCodes } -> std::convertible_to<Codes>;
};

// The header or reply of a request that has no fields.
struct NoFields {
  static constexpr auto Fields() { return Declaration{}; }
};

}  // namespace comet::wire
