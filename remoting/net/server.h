#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "remoting/base/status_or.h"
#include "remoting/net/connection_id.h"
#include "remoting/net/endpoint.h"
#include "remoting/net/loop_group.h"
#include "remoting/net/router.h"

namespace comet::net {

class Acceptor;

struct ServerOptions {
  std::string address = "0.0.0.0";  // an IP address of this machine
  std::uint16_t port = 0;           // 0: any free one, see Server::port()

  // Both run on the connection's loop. on_close comes exactly once for every on_open, after the
  // last request of the connection was dispatched; calls to it already fail.
  std::function<void(ConnectionId, const Endpoint& peer)> on_open = nullptr;
  std::function<void(ConnectionId, const Endpoint& peer)> on_close = nullptr;
};

// Listens on one port with every loop of a group (SO_REUSEPORT), and passes the requests of the
// connections to a router.
class Server {
 public:
  // The group must be running; group and router must outlive the server. A port that is in use,
  // also by another process of ours, is kUnavailable and named.
  static StatusOr<std::unique_ptr<Server>> Listen(LoopGroup& group, const Router& router,
                                                  ServerOptions options);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Stops listening and closes the server's connections; waits until every on_close has run.
  // Never called on a loop's thread. Idempotent.
  void Stop();

  std::uint16_t port() const { return port_; }

 private:
  class Shared;  // what connections refer to

  Server(LoopGroup& group, std::shared_ptr<Shared> shared);

  LoopGroup& group_;
  std::shared_ptr<Shared> shared_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;  // one a loop, touched only on it
  std::uint16_t port_ = 0;
  bool stopped_ = false;
};

}  // namespace comet::net
