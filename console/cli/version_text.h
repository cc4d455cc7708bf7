#pragma once

#include <cstdint>
#include <string>

namespace comet::cli {

// The name of a RocketMQ version by the number peers send: V5_3_3 for 479. Numbers older than
// 4.0.0 or unknown are shown as they are.
std::string VersionText(std::int32_t version);

}  // namespace comet::cli
