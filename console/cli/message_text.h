#pragma once

#include <string>
#include <string_view>

#include "console/cli/command.h"
#include "sdk/src/admin_message.h"

namespace comet::cli {

// What the queryMsg commands print of a message.
struct MessageForm {
  bool offset_id = true;
  bool body = false;
};

// Prints a message in the block form of the queryMsg commands, writes its body to a file under
// /tmp/rocketmq/msgbodys, and prints what groups have done with it. In JSON it is an entry of the
// document, with its body, and no file is written.
Status PrintMessage(Context& context, const client::StoredMessage& message,
                    const MessageForm& form);

// kInvalid for a -f or -c other than UTF-8: bodies are printed as they are.
Status CheckCharset(const Arguments& arguments, std::string_view option);

// One line, as the commands that list messages print it: MSGID: … MessageExt […] BODY: …
std::string MessageLine(const client::StoredMessage& message, bool body = true);
// A body that is no UTF-8 is there as "bodyHex".
Json JsonOf(const client::StoredMessage& message);

// MessageQueue [topic=…, brokerName=…, queueId=…]
std::string TextOf(const wire::MessageQueue& queue);

}  // namespace comet::cli
