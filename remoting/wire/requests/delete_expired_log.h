#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Deletes expired files of the log at once, whatever the hour.
struct DeleteExpiredLog {
  static constexpr std::string_view kName = "DELETE_EXPIRED_COMMITLOG";
  static constexpr Codes kCodes = {329};

  using Header = NoFields;

  using Reply = NoFields;
};

}  // namespace comet::wire
