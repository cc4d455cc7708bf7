#pragma once

#include <span>
#include <string_view>

namespace comet {

// Every key that a name server, broker or controller of RocketMQ 4.9.7, 5.3.3 or 5.5.0 reads from
// its conf file, sorted. A key that no described config declares, but this list holds, is accepted
// and has no effect; a key in neither stops the start.
std::span<const std::string_view> RocketMqKeys();

}  // namespace comet
