#pragma once

#include <comet/options.h>

#include <string_view>

namespace comet::client {

// Hands a line to the application's callback; without one, warnings and errors go to standard
// error.
void DeliverLog(const LogCallback& log, Severity severity, std::string_view component,
                std::string_view text);

}  // namespace comet::client
