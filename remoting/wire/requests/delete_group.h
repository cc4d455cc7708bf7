#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Deletes a subscription group.
struct DeleteGroup {
  static constexpr std::string_view kName = "DELETE_SUBSCRIPTIONGROUP";
  static constexpr Codes kCodes = {207};

  struct Header {
    std::string_view group;
    bool clean_offset = false;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::group, "groupName", Need::kRequired, "Consumer group."),
          F(&S::clean_offset, "cleanOffset", Need::kOptional, "Its offsets too.", "removeOffset")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
