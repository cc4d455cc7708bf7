#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// The least offset that any group has in the queues of a topic. The reply has a body.
struct QueryCorrectionOffset {
  static constexpr std::string_view kName = "QUERY_CORRECTION_OFFSET";
  static constexpr Codes kCodes = {308};

  struct Header {
    std::string_view left_out;
    std::string_view compared;
    std::string_view topic;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::left_out, "filterGroups", Need::kOptional, "Groups that do not count: a,b."),
          F(&S::compared, "compareGroup", Need::kRequired, "Whose queues are answered."),
          F(&S::topic, "topic", Need::kRequired, "Topic.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
