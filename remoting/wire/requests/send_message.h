#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Appends one message, or a batch encoded in the body, to a queue. Code 10 uses the long names, 310
// and 320 the short ones; whether it is a batch is said by `batch`, not by the code.
struct SendMessage {
  static constexpr std::string_view kName = "SEND_MESSAGE";
  static constexpr Codes kCodes = {10, 310, 320};

  struct Header {
    std::string_view producer_group;
    std::string_view topic;
    std::string_view default_topic;
    std::int32_t default_topic_queues = 4;
    std::int32_t queue_id = -1;
    std::int32_t sys_flag = 0;
    std::int64_t born_ms = 0;
    std::int32_t flag = 0;
    std::string_view properties;
    std::int32_t reconsume_times = 0;
    bool unit_mode = false;
    std::optional<std::int32_t> max_reconsume_times;
    bool batch = false;
    std::string_view broker_name;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{
          F(&S::producer_group, "producerGroup", Need::kRequired, "Group of the sender.", "a"),
          F(&S::topic, "topic", Need::kRequired, "Destination topic.", "b"),
          F(&S::default_topic, "defaultTopic", Need::kRequired,
            "Topic whose settings a new one copies.", "c"),
          F(&S::default_topic_queues, "defaultTopicQueueNums", Need::kRequired,
            "Queues a new topic should have.", "d"),
          F(&S::queue_id, "queueId", Need::kRequired,
            "Queue; a negative one lets the broker choose.", "e"),
          F(&S::sys_flag, "sysFlag", Need::kRequired, "Compression and transaction bits.", "f"),
          F(&S::born_ms, "bornTimestamp", Need::kRequired,
            "Client clock when the message was made.", "g"),
          F(&S::flag, "flag", Need::kRequired, "The application's flag, stored as it is.", "h"),
          F(&S::properties, "properties", Need::kOptional, "Encoded name/value pairs.", "i"),
          F(&S::reconsume_times, "reconsumeTimes", Need::kOptional,
            "Deliveries so far, of a message sent to a retry topic.", "j"),
          F(&S::unit_mode, "unitMode", Need::kOptional, "Sent by a client in unit mode.", "k"),
          F(&S::max_reconsume_times, "maxReconsumeTimes", Need::kOptional,
            "Deliveries after which it goes to the dead letters.", "l"),
          F(&S::batch, "batch", Need::kOptional, "The body holds several messages.", "m"),
          F(&S::broker_name, "bname", Need::kOptional, "Broker the client means.", "n")};
    }
  };

  struct Reply {
    std::string_view message_id;
    std::int32_t queue_id = 0;
    std::int64_t queue_offset = 0;
    std::string_view transaction_id;
    std::string_view batch_unique_id;
    std::string_view recall_handle;
    std::string_view region;
    std::string_view trace_on;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{
          F(&S::message_id, "msgId", Need::kRequired,
            "Store host and log offset in hex; of a batch several, with commas."),
          F(&S::queue_id, "queueId", Need::kRequired, "Queue written."),
          F(&S::queue_offset, "queueOffset", Need::kRequired,
            "Position in the queue, of a batch the first."),
          F(&S::transaction_id, "transactionId", Need::kOptional,
            "The unique key of the message; 5.x brokers always send it."),
          F(&S::batch_unique_id, "batchUniqId", Need::kOptional, "Unique id of an inner batch."),
          F(&S::recall_handle, "recallHandle", Need::kOptional,
            "With which a timer message can be cancelled."),
          F(&S::region, "MSG_REGION", Need::kOptional,
            "Region of the broker; clients read it unchecked."),
          F(&S::trace_on, "TRACE_ON", Need::kOptional,
            "Whether the broker wants traces: true or false.")};
    }
  };
};

}  // namespace comet::wire
