#include "remoting/net/server.h"

#include <future>
#include <utility>

#include "remoting/base/check.h"
#include "remoting/base/log.h"
#include "remoting/net/acceptor.h"
#include "remoting/net/connection.h"
#include "remoting/net/io_loop.h"

namespace comet::net {

class Server::Shared : public ConnectionOwner {
 public:
  Shared(const Router& router, ServerOptions given) : options(std::move(given)), router_(router) {}

  const Router* router() const override { return &router_; }
  void OnOpened(ConnectionId id, const Endpoint& peer) override {
    if (options.on_open) options.on_open(id, peer);
  }
  void OnClosed(ConnectionId id, const Endpoint& peer, std::string_view /*reason*/) override {
    if (options.on_close) options.on_close(id, peer);
  }

  const ServerOptions options;

 private:
  const Router& router_;
};

namespace {

// Runs fn on every loop and waits; a loop that has ended drops it, which ends the wait as well.
template <class Fn>
void OnEveryLoop(LoopGroup& group, Fn fn) {
  std::vector<std::future<void>> done;
  for (std::size_t i = 0; i < group.size(); ++i) {
    COMET_CHECK(!group.loop(i).OnOwnerThread());
    std::promise<void> promise;
    done.push_back(promise.get_future());
    group.loop(i).Post([&group, &fn, i, promise = std::move(promise)]() mutable {
      fn(i, group.io(i));
      promise.set_value();
    });
  }
  for (const auto& each : done) each.wait();
}

}  // namespace

Server::Server(LoopGroup& group, std::shared_ptr<Shared> shared)
    : group_(group), shared_(std::move(shared)), acceptors_(group.size()) {}

Server::~Server() {
  Stop();
}

StatusOr<std::unique_ptr<Server>> Server::Listen(LoopGroup& group, const Router& router,
                                                 ServerOptions options) {
  COMET_ASSIGN(auto sockets, ListenShared(options.address, options.port,
                                          group.config().listen_backlog, group.size()));
  auto shared = std::make_shared<Shared>(router, std::move(options));
  std::unique_ptr<Server> server(new Server(group, std::move(shared)));
  COMET_ASSIGN(server->port_, PortOf(sockets[0]));
  OnEveryLoop(group, [&](std::size_t i, IoLoop& io) {
    server->acceptors_[i] = std::make_unique<Acceptor>(
        io.loop(), std::move(sockets[i]),
        [&io, owner = server->shared_](Socket socket, Endpoint peer, Endpoint local) {
          if (io.Open(socket.Release(), owner, std::move(peer), std::move(local)) != nullptr) {
            io.metrics().accepted.Add();
          }
        });
  });
  LOG_INFO << "listening on " << server->shared_->options.address << ":" << server->port_;
  return server;
}

void Server::Stop() {
  if (std::exchange(stopped_, true)) return;
  OnEveryLoop(group_, [this](std::size_t i, IoLoop& io) {
    acceptors_[i].reset();
    io.CloseOwnedBy(*shared_, "the server stops");
  });
}

}  // namespace comet::net
