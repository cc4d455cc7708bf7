#include "remoting/wire/send_limits.h"

#include "remoting/base/limits.h"
#include "remoting/base/text.h"

namespace comet::wire {

std::string ForbiddenTopicText(std::string_view topic) {
  return Concat("Sending message to topic[", topic, "] is forbidden.");
}

std::string BatchOfRetriesText(std::string_view topic) {
  return Concat("batch request does not support retry group ", topic);
}

std::string TooLargeText(std::int64_t body_bytes_max) {
  return Concat(
      "the message is illegal, maybe msg body or properties length not matched. msg body length "
      "limit ",
      body_bytes_max, "B, msg properties length limit 32KB.");
}

Status CheckMessageSize(std::size_t body_bytes, std::size_t property_bytes,
                        std::int64_t body_bytes_max) {
  if (static_cast<std::int64_t>(body_bytes) > body_bytes_max ||
      property_bytes > limits::kPropertiesBytesMax) {
    return {Status::Code::kFull, TooLargeText(body_bytes_max)};
  }
  if (body_bytes == 0) return {Status::Code::kInvalid, std::string(kEmptyBody)};
  return {};
}

}  // namespace comet::wire
