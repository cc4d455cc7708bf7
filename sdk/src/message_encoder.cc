#include "sdk/src/message_encoder.h"

#include "remoting/base/text.h"
#include "remoting/wire/properties.h"

namespace comet::client {

namespace property = wire::property;

void AppendProperties(const Message& message, std::string_view message_id,
                      std::string_view name_space, std::string* text) {
  wire::AppendProperty(property::kUniqueKey, message_id, text);
  wire::AppendProperty(property::kWait, message.wait_stored() ? "true" : "false", text);
  if (message.delay_level() > 0) {
    wire::AppendProperty(property::kDelay, Concat(message.delay_level()), text);
  }
  if (!name_space.empty()) wire::AppendProperty(property::kInstanceId, name_space, text);
  for (const auto& [name, value] : message.properties()) wire::AppendProperty(name, value, text);
}

void AppendBatchProperties(bool wait_stored, std::string* text) {
  wire::AppendProperty(property::kWait, wait_stored ? "true" : "false", text);
}

}  // namespace comet::client
