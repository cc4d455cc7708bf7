#pragma once

#include <optional>
#include <utility>

#include "remoting/net/responder.h"
#include "remoting/wire/request.h"

namespace comet::broker {

// A reply whose fields all have nothing to say: "extFields":{}. Apache's brokers send that, and
// not its absence, for requests whose reply has a header class, on errors too.
struct EmptyFields {
  static constexpr std::string_view kName = "EMPTY";
  static constexpr wire::Codes kCodes = {};
  using Header = wire::NoFields;
  struct Reply {
    std::optional<bool> never_set;
    static constexpr auto Fields() {
      return Declaration{F(&Reply::never_set, "none", Need::kOptional, "Never set.")};
    }
  };
};

inline void ReplyWithoutFields(net::Responder reply, const net::Outcome& outcome,
                               net::Body body = {}) {
  std::move(reply).Reply<EmptyFields>(outcome, {}, std::move(body));
}

}  // namespace comet::broker
