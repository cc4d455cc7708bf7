#pragma once

#include <atomic>
#include <cstdint>

#include "remoting/base/status_or.h"
#include "remoting/wire/record.h"

namespace comet::broker {

// The address that records and message ids carry: brokerIP1 and the port listened on. The port is
// known late when the system chooses it. Any thread.
class StoreAddress {
 public:
  explicit StoreAddress(const wire::Host& ip) : ip_(ip) {}

  void SetPort(std::uint16_t port) { port_.store(port, std::memory_order_relaxed); }
  wire::Host Get() const {
    wire::Host host = ip_;
    host.port = port_.load(std::memory_order_relaxed);
    return host;
  }

 private:
  const wire::Host ip_;
  std::atomic<std::uint16_t> port_ = 0;
};

// An IPv4 or IPv6 address as text.
StatusOr<wire::Host> ParseIp(const std::string& text);

}  // namespace comet::broker
