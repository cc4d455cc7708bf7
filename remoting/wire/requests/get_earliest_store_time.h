#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// When the first message of a queue was stored.
struct GetEarliestStoreTime {
  static constexpr std::string_view kName = "GET_EARLIEST_MSG_STORETIME";
  static constexpr Codes kCodes = {32};

  using Header = QueueFields;

  struct Reply {
    std::int64_t timestamp_ms = 0;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{
          F(&S::timestamp_ms, "timestamp", Need::kRequired, "Store time, -1 if there is none.")};
    }
  };
};

}  // namespace comet::wire
