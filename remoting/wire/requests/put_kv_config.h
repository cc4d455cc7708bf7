#pragma once

#include <optional>
#include <string_view>

#include "remoting/wire/request.h"

namespace comet::wire {

// Stores a value under a key.
struct PutKvConfig {
  static constexpr std::string_view kName = "PUT_KV_CONFIG";
  static constexpr Codes kCodes = {100};

  struct Header {
    std::optional<std::string_view> ns;
    std::optional<std::string_view> key;
    std::optional<std::string_view> value;

    static constexpr auto Fields() {
      using S = Header;
      return Declaration{F(&S::ns, "namespace", Need::kOptional, "Namespace of the key."),
                         F(&S::key, "key", Need::kOptional, "Key."),
                         F(&S::value, "value", Need::kOptional, "Value.")};
    }
  };

  using Reply = NoFields;
};

}  // namespace comet::wire
