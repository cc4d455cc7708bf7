#pragma once

#include <string>

#include "console/cli/command.h"
#include "sdk/src/admin_message.h"

namespace comet::cli {

// Prints a message in the block form of the queryMsg commands, writes its body to a file under
// /tmp/rocketmq/msgbodys, and prints what groups have done with it. With `show_body` the body is
// printed too.
Status PrintMessage(Context& context, const client::StoredMessage& message, bool show_body);

// kInvalid for a -f other than UTF-8: bodies are printed as they are.
Status CheckBodyFormat(const Arguments& arguments);

// As the commands that list messages print it: a line, MSGID: … MessageExt […] BODY: …
Cell MessageLine(const client::StoredMessage& message);

}  // namespace comet::cli
