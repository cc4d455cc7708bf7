#pragma once

#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// A broker leaves.
struct UnregisterBroker {
  static constexpr std::string_view kName = "UNREGISTER_BROKER";
  static constexpr Codes kCodes = {104};

  using Header = BrokerFields;
  using Reply = NoFields;
};

}  // namespace comet::wire
