#pragma once

#include <optional>
#include <string_view>

#include "broker/status_to_code.h"
#include "remoting/base/limits.h"
#include "remoting/base/text.h"
#include "remoting/wire/names.h"

namespace comet::broker {

// For names that no table knows: whether they could be in one at all. A name that was found has
// been checked when it came in.
inline std::optional<Refused> BadName(const Status& checked) {
  if (checked.ok()) return std::nullopt;
  return RefusedBy(checked);
}
inline std::optional<Refused> BadGroup(std::string_view group) {
  return BadName(wire::CheckGroupName(group));
}
inline std::optional<Refused> BadTopic(std::string_view topic) {
  return BadName(wire::CheckTopicName(topic));
}
inline std::optional<Refused> BadGroupOrTopic(std::string_view group, std::string_view topic) {
  auto bad = BadGroup(group);
  return bad ? bad : BadTopic(topic);
}
inline std::optional<Refused> BadClientId(std::string_view id) {
  return BadName(wire::CheckId("clientID", id, limits::kClientIdLengthMax));
}

inline Refused GroupMissing(std::string_view group) {
  return {ResponseCode::kSubscriptionGroupNotExist,
          Concat("subscription group not exist, ", group, " ", wire::kFaqSuffix)};
}

}  // namespace comet::broker
