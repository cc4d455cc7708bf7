#pragma once

#include <sys/socket.h>

#include <utility>

#include "remoting/net/endpoint.h"

namespace comet::net {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

// A descriptor that is closed with its holder; -1: none.
class Socket {
 public:
  explicit Socket(int descriptor = -1) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(other.Release()) {}
  Socket& operator=(Socket&&) = delete;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { Reset(); }

  int get() const { return descriptor_; }
  int Release() { return std::exchange(descriptor_, -1); }
  void Reset(int descriptor = -1);

 private:
  int descriptor_;
};

Endpoint LocalEndpoint(int descriptor);

// Sets an option that is on or off; false: errno says why.
bool TurnOn(int descriptor, int level, int option);

// The kernel ends the connection when the peer's machine has not answered for about 15 s, whether
// there is something to send or not.
void NoticeDeadPeer(int descriptor);

}  // namespace comet::net
