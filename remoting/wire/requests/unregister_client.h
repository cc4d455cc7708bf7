#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// A client leaves its groups.
struct UnregisterClient {
  static constexpr std::string_view kName = "UNREGISTER_CLIENT";
  static constexpr Codes kCodes = {35};

  struct Header {
    std::string_view client_id;
    std::string_view producer_group;
    std::string_view consumer_group;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::client_id, "clientID", Need::kRequired, "Client."),
          F(&S::producer_group, "producerGroup", Need::kOptional, "Producer group it leaves."),
          F(&S::consumer_group, "consumerGroup", Need::kOptional, "Consumer group it leaves.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
