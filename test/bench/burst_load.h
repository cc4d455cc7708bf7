#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/net/socket.h"
#include "remoting/wire/header.h"

namespace comet::bench {

// The send request every measurement here is made with: 100 bytes of body, three properties.
std::string SendRequestFrame(wire::HeaderForm form);

// A producer that costs next to nothing: sends one frame again and again, in bursts of 64, with
// at most `window` of them unanswered, and counts the replies without reading them. One thread.
class BurstLoad {
 public:
  // Connects to the port on loopback.
  BurstLoad(std::uint16_t port, std::int64_t window, std::int64_t total);

  void Run(std::string_view frame);  // until `total` frames are answered

  void Close() { socket_.Reset(); }

  double seconds() const { return seconds_; }  // Run took
  double LatencyUs(int percent);               // of a burst, sent to answered

 private:
  void SendAll(std::string_view bytes);
  void Receive();

  net::Socket socket_;
  const std::int64_t window_, total_;
  std::int64_t answered_ = 0;
  double seconds_ = 0;
  std::string buffer_;
  std::size_t have_ = 0;
  std::vector<MonoTime> sent_at_;  // of each burst
  std::vector<double> latencies_us_;
};

}  // namespace comet::bench
