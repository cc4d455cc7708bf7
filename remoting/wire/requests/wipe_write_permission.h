#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// Takes the write permission from all topics of a broker, in this name server.
struct WipeWritePermission {
  static constexpr std::string_view kName = "WIPE_WRITE_PERM_OF_BROKER";
  static constexpr Codes kCodes = {205};

  using Header = BrokerNameField;

  struct Reply {
    std::int32_t topics = 0;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{F(&S::topics, "wipeTopicCount", Need::kRequired, "Topics changed.")};
    }
  };
};

}  // namespace comet::wire
