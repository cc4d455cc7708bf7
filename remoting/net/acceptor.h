#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "remoting/base/status_or.h"
#include "remoting/net/connection.h"
#include "remoting/net/libevent_ptr.h"
#include "remoting/net/socket.h"

namespace comet::net {

class IoLoop;

// `count` sockets that listen on the same address and port; the kernel spreads connections over
// them. kUnavailable when anybody else listens there, even with SO_REUSEPORT.
StatusOr<std::vector<Socket>> ListenShared(const std::string& address, std::uint16_t port,
                                           int backlog, std::size_t count);
StatusOr<std::uint16_t> PortOf(const Socket& socket);

// Accepts on one loop what its share of a port gets. Owner thread only, the destructor included.
class Acceptor {
 public:
  Acceptor(IoLoop& io, Socket listener, std::shared_ptr<ConnectionOwner> owner);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

 private:
  static void OnReadable(int fd, short what, void* self);
  void AcceptSome();
  bool AcceptOne();  // false: nobody waits
  void Rest(int error);

  IoLoop& io_;
  const Socket listener_;
  const std::shared_ptr<ConnectionOwner> owner_;
  EventPtr event_;
  std::uint64_t rest_timer_ = 0;
};

}  // namespace comet::net
