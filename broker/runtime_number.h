#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace comet::broker {

// A number out of the body that another broker, ours or Apache's, answers GET_BROKER_RUNTIME_INFO
// with. Nothing when there is no such key, or no number.
std::optional<std::int64_t> RuntimeNumber(std::string_view body, std::string_view key);

}  // namespace comet::broker
