#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Reads the record at a log offset, which is what an offset message id contains.
struct ViewMessage {
  static constexpr std::string_view kName = "VIEW_MESSAGE_BY_ID";
  static constexpr Codes kCodes = {33};

  struct Header {
    std::int64_t log_offset = 0;
    std::string_view topic;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::log_offset, "offset", Need::kRequired, "Where the record begins."),
                         F(&S::topic, "topic", Need::kOptional, "Topic, unused.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
