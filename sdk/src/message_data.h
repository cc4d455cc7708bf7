#pragma once

#include <comet/message.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/status_or.h"
#include "remoting/wire/record_reader.h"

namespace comet {

// What a MessageView shows. The record's bytes are shared by all messages of one pull.
struct MessageView::Data {
  std::shared_ptr<const std::string> bytes;  // what `record` borrows from
  wire::RecordView record;
  std::string decompressed;  // in place of the record's body, if that was compressed
  std::string broker;
};

namespace client {

// The messages in the body of a pull, query or view answer. One whose body cannot be decompressed
// is an error of the whole: it must not be skipped silently.
StatusOr<std::vector<MessageView>> ReadMessages(std::string body, const std::string& broker);

}  // namespace client
}  // namespace comet
