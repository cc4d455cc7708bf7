#pragma once

#include <comet/message.h>

#include <string>
#include <string_view>

namespace comet::client {

// Appends the properties of a message as the protocol writes them, with what the protocol adds to
// those of the application.
void AppendProperties(const Message& message, std::string_view message_id,
                      std::string_view name_space, std::string* text);

// The properties a batch has as a whole.
void AppendBatchProperties(bool wait_stored, std::string* text);

}  // namespace comet::client
