#pragma once

#include <string_view>

#include "remoting/wire/request.h"
#include "remoting/wire/shared_fields.h"

namespace comet::wire {

// A broker asks whether it must register again. Body and reply are a DataVersion.
struct QueryDataVersion {
  static constexpr std::string_view kName = "QUERY_DATA_VERSION";
  static constexpr Codes kCodes = {322};

  using Header = BrokerFields;

  struct Reply {
    bool changed = false;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{
          F(&S::changed, "changed", Need::kRequired, "The name server has another version.")};
    }
  };
};

}  // namespace comet::wire
