#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "remoting/base/status_or.h"
#include "remoting/net/endpoint.h"
#include "remoting/net/event_loop.h"
#include "remoting/net/libevent_ptr.h"
#include "remoting/net/socket.h"

namespace comet::net {

// `count` sockets that listen on the same address and port; the kernel spreads connections over
// them. kUnavailable when anybody else listens there, even with SO_REUSEPORT.
StatusOr<std::vector<Socket>> ListenShared(const std::string& address, std::uint16_t port,
                                           int backlog, std::size_t count);
StatusOr<std::uint16_t> PortOf(const Socket& socket);

// Accepts on one loop what its share of a port gets: non-blocking sockets without Nagle's delay.
// Owner thread only; the destructor too, unless the loop has ended.
class Acceptor {
 public:
  using Accepted = std::function<void(Socket socket, Endpoint peer, Endpoint local)>;
  Acceptor(EventLoop& loop, Socket listener, Accepted accepted);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

 private:
  static void OnReadable(int fd, short what, void* self);
  void AcceptSome();
  bool AcceptOne();  // false: nobody waits
  void Rest(int error);

  EventLoop& loop_;
  const Socket listener_;
  const Accepted accepted_;
  EventPtr event_;
  std::uint64_t rest_timer_ = 0;
};

}  // namespace comet::net
