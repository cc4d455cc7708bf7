#include "sdk/src/log_delivery.h"

#include <cstdio>

#include "sdk/src/foreign_call.h"

namespace comet::client {

void DeliverLog(const LogCallback& log, Severity severity, std::string_view component,
                std::string_view text) {
  if (log) {
    CallForeign([&] { log(severity, component, text); });  // there is nobody left to tell
  } else if (severity >= Severity::warning) {
    std::fprintf(stderr, "comet %.*s: %.*s\n", static_cast<int>(component.size()), component.data(),
                 static_cast<int>(text.size()), text.data());
  }
}

}  // namespace comet::client
