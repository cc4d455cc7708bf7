#pragma once

#include <poll.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "remoting/base/mutex.h"

namespace comet {

// A TCP proxy that treats what passes as bad networks do. One thread; any thread may change it.
class FaultProxy {
 public:
  enum class Fault {
    kNone,
    kDelay,         // what is read is passed on 100 ms later
    kByteWise,      // in pieces of one byte
    kHalfOpen,      // swallowed; connections that live through this never pass anything again
    kRefuse,        // connections are cut, new ones too
    kResetInFrame,  // of the next bytes the first half passes, then both sides get a reset
  };

  // Listens on host:port and passes on to target_port of target_host.
  FaultProxy(const std::string& host, std::uint16_t port, std::uint16_t target_port,
             std::string target_host = "127.0.0.1");
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  void Set(Fault fault);
  const std::string& address() const { return address_; }
  std::int64_t passed_bytes() const { return passed_bytes_.load(); }

 private:
  struct Pair;

  void Run();
  void Accept();
  void Watch(std::vector<pollfd>* descriptors) const;
  // False when the pair is at its end.
  bool Pass(Pair& pair, Fault fault);
  bool PassOneWay(Pair& pair, int way, Fault fault);

  const std::string address_;
  const std::string target_host_;
  const std::uint16_t target_port_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::atomic<Fault> fault_ = Fault::kNone;
  std::atomic<bool> stop_ = false;
  std::atomic<std::int64_t> passed_bytes_ = 0;
  std::vector<std::unique_ptr<Pair>> pairs_;  // the thread's
  std::thread thread_;
};

}  // namespace comet
