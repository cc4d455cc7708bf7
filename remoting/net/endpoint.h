#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "remoting/base/status_or.h"

struct sockaddr;

namespace comet::net {

// An IP address and a port, with its text ready: it goes into records, log lines and replies.
struct Endpoint {
  std::array<std::uint8_t, 16> bytes{};  // network order; the first ip_bytes count
  std::uint8_t ip_bytes = 4;             // 4 or 16
  std::uint16_t port = 0;
  std::string text;  // "10.0.0.1:10911", "[::1]:10911"

  std::span<const std::uint8_t> ip() const { return {bytes.data(), ip_bytes}; }

  static Endpoint FromSockaddr(const sockaddr* address);
};

struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};

// "host:port", "[::1]:port"; the port must be 1..65535.
StatusOr<HostPort> ParseHostPort(std::string_view text);

}  // namespace comet::net
