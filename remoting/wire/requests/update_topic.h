#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Creates a topic or changes it.
struct UpdateTopic {
  static constexpr std::string_view kName = "UPDATE_AND_CREATE_TOPIC";
  static constexpr Codes kCodes = {17};

  struct Header {
    std::string_view topic;
    std::string_view default_topic;
    std::int32_t read_queues = 8;
    std::int32_t write_queues = 8;
    std::int32_t perm = 6;
    std::string_view filter_type = "SINGLE_TAG";
    std::optional<std::int32_t> topic_sys_flag;
    bool order = false;
    std::string_view attributes;
    std::optional<bool> force;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::topic, "topic", Need::kRequired, "Topic."),
          F(&S::default_topic, "defaultTopic", Need::kRequired, "Unused."),
          F(&S::read_queues, "readQueueNums", Need::kRequired, "Queues consumers see."),
          F(&S::write_queues, "writeQueueNums", Need::kRequired, "Queues producers see."),
          F(&S::perm, "perm", Need::kRequired, "Bits of perm."),
          F(&S::filter_type, "topicFilterType", Need::kRequired, "SINGLE_TAG or MULTI_TAG."),
          F(&S::topic_sys_flag, "topicSysFlag", Need::kOptional, "Bits of topic_flag."),
          F(&S::order, "order", Need::kOptional, "An ordered topic."),
          F(&S::attributes, "attributes", Need::kOptional, "+key=value and -key, with commas."),
          F(&S::force, "force", Need::kOptional, "Change even what is normally kept.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
