#pragma once

#include <functional>
#include <memory>
#include <string>

#include "remoting/base/status_or.h"

namespace comet {

// A host in the eyes of processes: a network namespace whose only way out is a TUN device, so that
// whoever holds the device carries, delays or loses its packets. Needs EnterSandbox().
class NetHost {
 public:
  // `address` is an IPv4 address; its /24 is reached through the device.
  static StatusOr<std::unique_ptr<NetHost>> Create(const std::string& address);
  ~NetHost();
  NetHost(const NetHost&) = delete;
  NetHost& operator=(const NetHost&) = delete;

  // One IP packet a read or write; does not block.
  int device() const { return device_; }

  // Runs it on a thread of this host: processes and sockets it makes live there.
  void Run(const std::function<void()>& what) const;
  // Moves the calling thread, and the threads it will make, to this host.
  void Enter() const;

 private:
  NetHost() = default;
  Status Make(const std::string& address);

  int namespace_ = -1;
  int device_ = -1;
};

// The host that the calling thread is on; brings it back at the end.
class HomeHost {
 public:
  HomeHost();
  ~HomeHost();
  HomeHost(const HomeHost&) = delete;
  HomeHost& operator=(const HomeHost&) = delete;

 private:
  int namespace_ = -1;
};

}  // namespace comet
