#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// Gives the write permission back.
struct AddWritePermission {
  static constexpr std::string_view kName = "ADD_WRITE_PERM_OF_BROKER";
  static constexpr Codes kCodes = {327};

  using Header = BrokerNameField;

  struct Reply {
    std::int32_t topics = 0;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{F(&S::topics, "addTopicCount", Need::kRequired, "Topics changed.")};
    }
  };
};

}  // namespace comet::wire
