#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "remoting/base/status_or.h"
#include "remoting/net/client.h"

namespace comet::broker {

// One kind of state that a slave takes over from its master. To copy more, add one to the list that
// SlaveItems makes.
struct SyncItem {
  std::string_view name;  // as the log says it
  // Asks the master and takes over what it says. After an error nothing here has changed.
  std::function<Status(net::Client& master)> run;
  // The master was out of reach since the last run, or is another one. May be empty.
  std::function<void()> interrupted = nullptr;
};

// What a master's answer other than success means here.
template <class Answer>
Status CheckAnswer(const Answer& answer) {
  if (answer.ok()) return {};
  return {Status::Code::kInvalid,
          "answered " + std::to_string(answer.code) + " " + std::string(answer.remark)};
}

}  // namespace comet::broker
