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
  std::string unreadable;    // why the body cannot be had; empty: it can
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

// The messages in the body of a pull, query or view answer. One whose body is damaged or cannot be
// decompressed is there and says so: it must neither be skipped silently nor stop the others.
StatusOr<std::shared_ptr<MessageBatch>> ReadBatch(std::string body, const std::string& broker);
// What is wrong with an unreadable message and where it is.
std::string Complaint(const MessageView::Data& message);
// Lets the messages have the topics the application knows: those that come again in a retry topic
// the one they had first, all without the namespace.
void ShowTopics(MessageBatch* batch, std::string_view name_space);
// All of them; an unreadable one is an error of the whole.
StatusOr<std::vector<MessageView>> ReadMessages(std::string body, const std::string& broker);

}  // namespace client
}  // namespace comet
