#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// All topics of a broker, for slaves and tools; since 5.4 by pages when a field is present. The
// reply has a body.
struct GetAllTopicConfig {
  static constexpr std::string_view kName = "GET_ALL_TOPIC_CONFIG";
  static constexpr Codes kCodes = {21};

  struct Header {
    std::optional<std::int32_t> topic_seq;
    std::optional<std::string_view> data_version;
    std::optional<std::int32_t> max_topics;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::topic_seq, "topicSeq", Need::kOptional,
            "Number of the first topic wanted, by name."),
          F(&S::data_version, "dataVersion", Need::kOptional,
            "Version the earlier pages had; JSON, or \"\"."),
          F(&S::max_topics, "maxTopicNum", Need::kOptional, "Topics a page may have.")};
    }
  };

  struct Reply {
    std::optional<std::int32_t> total_topics;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{
          F(&S::total_topics, "totalTopicNum", Need::kOptional, "Topics of the whole table.")};
    }
  };
};

}  // namespace comet::wire
