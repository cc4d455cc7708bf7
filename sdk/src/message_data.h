#pragma once

#include <comet/message.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/status_or.h"
#include "remoting/wire/record_reader.h"

namespace comet {

namespace client {
struct MessageBatch;
}

// What a MessageView shows; a part of its batch.
struct MessageView::Data {
  wire::RecordView record;   // borrows the batch's bytes
  std::string_view topic;    // as the application knows it
  std::string decompressed;  // in place of the record's body, if that was compressed
  const client::MessageBatch* batch = nullptr;
};

namespace client {

// The messages of one answer, in one piece: a view of any of them keeps all alive.
struct MessageBatch {
  std::string bytes;
  std::string broker;
  std::vector<MessageView::Data> messages;
};

inline MessageView ViewOf(const std::shared_ptr<const MessageBatch>& batch, std::size_t index) {
  return MessageView(std::shared_ptr<const MessageView::Data>(batch, &batch->messages[index]));
}

// The messages in the body of a pull, query or view answer. One whose body cannot be decompressed
// is an error of the whole: it must not be skipped silently.
StatusOr<std::shared_ptr<MessageBatch>> ReadBatch(std::string body, const std::string& broker);
// Lets the messages have the topics the application knows: those that come again in a retry topic
// the one they had first, all without the namespace.
void ShowTopics(MessageBatch* batch, std::string_view name_space);
StatusOr<std::vector<MessageView>> ReadMessages(std::string body, const std::string& broker);

}  // namespace client
}  // namespace comet
