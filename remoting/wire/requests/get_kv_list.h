#pragma once

#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// All keys of a namespace. The reply has a KVTable as body.
struct GetKvList {
  static constexpr std::string_view kName = "GET_KVLIST_BY_NAMESPACE";
  static constexpr Codes kCodes = {219};

  struct Header {
    std::string_view ns;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::ns, "namespace", Need::kRequired, "Namespace of the key.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
