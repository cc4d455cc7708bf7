#pragma once

#include <cstdint>
#include <string_view>

#include "remoting/base/status_or.h"

namespace comet::cli {

// Milliseconds since the epoch, or yyyy-MM-dd#HH:mm:ss:SSS in local time. `otherwise` for an empty
// text.
StatusOr<std::int64_t> ParseTimeOr(std::string_view text, std::int64_t otherwise);

}  // namespace comet::cli
