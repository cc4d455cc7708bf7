#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "remoting/base/status_or.h"
#include "remoting/wire/record_reader.h"
#include "remoting/wire/record_writer.h"
#include "store/delay_table.h"

namespace comet::broker {

// How a message that could not be consumed comes back.
struct RetryRules {
  std::string_view group;
  std::int32_t times_max = 16;   // deliveries after which it goes to the dead letters
  std::int32_t delay_level = 0;  // 0: one that grows with every delivery; below 0: dead letters
  std::int32_t queue_id = 0;     // of the retry topic
};

// A message to be stored again. `source` points into this and into the record it was made of.
struct RetryMessage {
  bool dead_letter = false;
  std::string final_topic;  // the retry or dead-letter topic
  std::string properties;
  std::string topic;  // where it is stored: final_topic, or the topic of delayed messages
  wire::RecordSource source;
};

// The next life of a record: body, flags and birth stay, the number of deliveries grows, and the
// properties say where it came from. kInvalid when the properties no longer fit into a record.
StatusOr<std::unique_ptr<RetryMessage>> MakeRetry(const wire::RecordView& record,
                                                  const RetryRules& rules,
                                                  const store::DelayTable& delays,
                                                  const wire::Host& store_host);

}  // namespace comet::broker
