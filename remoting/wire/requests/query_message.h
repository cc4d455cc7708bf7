#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Finds messages by key. The body of the reply is their records.
struct QueryMessage {
  static constexpr std::string_view kName = "QUERY_MESSAGE";
  static constexpr Codes kCodes = {12};

  struct Header {
    std::string_view topic;
    std::string_view key;
    std::int32_t max_messages = 32;
    std::int64_t begin_ms = 0;
    std::int64_t end_ms = 0;
    bool unique_key = false;
    std::string_view index_type;
    std::string_view last_key;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::topic, "topic", Need::kRequired, "Topic."),
          F(&S::key, "key", Need::kRequired, "Key, or unique key."),
          F(&S::max_messages, "maxNum", Need::kRequired, "At most so many."),
          F(&S::begin_ms, "beginTimestamp", Need::kRequired, "Stored at this time or later."),
          F(&S::end_ms, "endTimestamp", Need::kRequired, "Stored at this time or earlier."),
          F(&S::unique_key, "_UNIQUE_KEY_QUERY", Need::kOptional,
            "The key is the unique key of a message."),
          F(&S::index_type, "indexType", Need::kOptional,
            "K keys, U unique key, T tag; nothing means K."),
          F(&S::last_key, "lastKey", Need::kOptional, "Where a paged query goes on.")};
    }
  };

  struct Reply {
    std::int64_t index_last_update_ms = 0;
    std::int64_t index_last_update_offset = 0;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{F(&S::index_last_update_ms, "indexLastUpdateTimestamp", Need::kRequired,
                           "Store time of the newest message in the index."),
                         F(&S::index_last_update_offset, "indexLastUpdatePhyoffset",
                           Need::kRequired, "Log offset of the newest message in the index.")};
    }
  };
};

}  // namespace comet::wire
