#pragma once

#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Reads the value of a key.
struct GetKvConfig {
  static constexpr std::string_view kName = "GET_KV_CONFIG";
  static constexpr Codes kCodes = {101};

  struct Header {
    std::string_view ns;
    std::string_view key;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::ns, "namespace", Need::kRequired, "Namespace of the key."),
                         F(&S::key, "key", Need::kRequired, "Key.")};
    }
  };

  struct Reply {
    std::optional<std::string_view> value;

    static constexpr auto Fields() {
      using S = Reply;
      return Declaration{F(&S::value, "value", Need::kOptional, "Value.")};
    }
  };
};

}  // namespace comet::wire
