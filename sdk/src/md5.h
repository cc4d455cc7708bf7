#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace comet::client {

// RFC 1321. Places things on Java's hash ring; no security rests on it.
std::array<std::uint8_t, 16> Md5(std::string_view text);

}  // namespace comet::client
