#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Who of a producer group is connected. The reply has a body.
struct GetProducerConnections {
  static constexpr std::string_view kName = "GET_PRODUCER_CONNECTION_LIST";
  static constexpr Codes kCodes = {204};

  struct Header {
    std::string_view producer_group;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::producer_group, "producerGroup", Need::kRequired, "Producer group.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
