#pragma once

#include <comet/message.h>

#include <functional>
#include <string>

#include "sdk/src/runtime.h"

namespace comet::client {

// A message that its consumer could not handle.
struct ReturnedMessage {
  MessageView message;
  std::string wire_group;
  int delay_level = 0;  // 0: the broker decides
  int max_reconsume = 16;
};

// Gives it back to the broker that has it, to come again later, or to the dead letters when it has
// come too often. `done` runs once, on a loop or at once; with an error the message is still the
// consumer's.
void GiveBack(const std::shared_ptr<Runtime>& runtime, const ReturnedMessage& returned,
              std::function<void(Result<void>)> done);

// Sends it to the retry topic of its group, as ordered consumers do: the broker delivers it later,
// or puts it into the dead letters when it has failed more than `max_reconsume` times. `failures`
// counts all deliveries so far; `retry_topic` is the application's name of the topic.
void SendToRetryTopic(const std::shared_ptr<Runtime>& runtime, const ReturnedMessage& returned,
                      const std::string& retry_topic, int failures,
                      std::function<void(Result<void>)> done);

}  // namespace comet::client
