#pragma once

#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Deletes a key.
struct DeleteKvConfig {
  static constexpr std::string_view kName = "DELETE_KV_CONFIG";
  static constexpr Codes kCodes = {102};

  struct Header {
    std::optional<std::string_view> ns;
    std::optional<std::string_view> key;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::ns, "namespace", Need::kOptional, "Namespace of the key."),
                         F(&S::key, "key", Need::kOptional, "Key.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
