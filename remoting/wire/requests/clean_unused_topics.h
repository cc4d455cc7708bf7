#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Deletes queues of topics that do not exist any more.
struct CleanUnusedTopics {
  static constexpr std::string_view kName = "CLEAN_UNUSED_TOPIC";
  static constexpr Codes kCodes = {316};

  using Header = NoFields;

  using Reply = NoFields;
};

}  // namespace comet::wire
