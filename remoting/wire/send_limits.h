#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "remoting/base/status.h"

namespace comet::wire {

// What a message must be to be stored, in the words in which brokers refuse it: producers check the
// same before they send.

inline constexpr std::string_view kEmptyBody = "the message is illegal, its body is empty";
inline constexpr std::string_view kPropertiesTooLong =
    "the message is illegal: its properties are longer than 32767 bytes";

std::string ForbiddenTopicText(std::string_view topic);
std::string BatchOfRetriesText(std::string_view topic);
std::string TooLargeText(std::int64_t body_bytes_max);

// Body and properties as they are sent; kFull when one of them is too large, kInvalid when there
// is no body.
Status CheckMessageSize(std::size_t body_bytes, std::size_t property_bytes,
                        std::int64_t body_bytes_max);

}  // namespace comet::wire
