#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// A group takes over the offsets of another.
struct CloneOffset {
  static constexpr std::string_view kName = "CLONE_GROUP_OFFSET";
  static constexpr Codes kCodes = {314};

  struct Header {
    std::string_view from_group;
    std::string_view to_group;
    std::string_view topic;
    bool offline = false;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::from_group, "srcGroup", Need::kRequired, "Group that has the offsets."),
          F(&S::to_group, "destGroup", Need::kRequired, "Group that gets them."),
          F(&S::topic, "topic", Need::kOptional, "Only this topic."),
          F(&S::offline, "offline", Need::kOptional, "Also topics no member wants now.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
