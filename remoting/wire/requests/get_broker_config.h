#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// The settings of a broker as key=value lines in the body.
struct GetBrokerConfig {
  static constexpr std::string_view kName = "GET_BROKER_CONFIG";
  static constexpr Codes kCodes = {26};

  using Header = NoFields;

  struct Reply {
    std::string_view version;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{
          F(&S::version, "version", Need::kRequired, "DataVersion of the settings, JSON.")};
    }
  };
};

}  // namespace comet::wire
