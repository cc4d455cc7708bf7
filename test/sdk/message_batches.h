#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sdk/src/message_data.h"

namespace comet::client {

// An answer with messages at these offsets of a queue, of so many bytes each.
inline std::shared_ptr<const MessageBatch> BatchOf(const std::vector<std::int64_t>& offsets,
                                                   std::uint32_t bytes = 100) {
  auto batch = std::make_shared<MessageBatch>();
  batch->broker = "broker-a";
  for (const std::int64_t offset : offsets) {
    MessageView::Data& message = batch->messages.emplace_back();
    message.record.queue_offset = offset;
    message.record.bytes = bytes;
    message.batch = batch.get();
  }
  return batch;
}

}  // namespace comet::client
