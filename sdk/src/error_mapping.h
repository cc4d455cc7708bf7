#pragma once

#include <comet/error.h>

#include <cstdint>
#include <string_view>

#include "remoting/base/status.h"

namespace comet::client {

// The one place where what happened inside becomes what the caller sees.

// A call that got no answer: `what` says which, `server` whom it asked.
Error FromStatus(const Status& status, std::string_view what, std::string_view server);

// An answer that was not a success: the server's code and remark.
Error FromResponse(std::int32_t code, std::string_view remark, std::string_view what,
                   std::string_view server);

// Whether a send that was answered so may succeed on another broker.
bool WorthAnotherBroker(std::int32_t code);

}  // namespace comet::client
