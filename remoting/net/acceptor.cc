#include "remoting/net/acceptor.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <event2/event.h>

#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/net/resolver.h"

namespace comet::net {

namespace {

constexpr int kAcceptsPerTurn = 64;
constexpr Duration kRest = std::chrono::milliseconds(100);

Status ListenError(std::string_view what, const std::string& address, std::uint16_t port) {
  const int error = errno;
  const auto code = error == EADDRINUSE ? Status::Code::kUnavailable : Status::Code::kIo;
  std::string text = Concat("cannot ", what, " ", address, ":", port, ": ",
                            std::generic_category().message(error));
  if (error == EADDRINUSE) text += "; another process listens there";
  return {code, std::move(text)};
}

}  // namespace

StatusOr<std::uint16_t> PortOf(const Socket& socket) {
  return LocalEndpoint(socket.get()).port;
}

StatusOr<std::vector<Socket>> ListenShared(const std::string& address, std::uint16_t port,
                                           int backlog, std::size_t count) {
  std::vector<Socket> sockets;
  for (std::size_t i = 0; i < count; ++i) {
    COMET_ASSIGN(SocketAddress where, NumericAddress(address, port));
    Socket socket(::socket(where.get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket.get() < 0) return ListenError("open a socket for", address, port);
    TurnOn(socket.get(), SOL_SOCKET, SO_REUSEADDR);
    // The first binds alone, so that a port somebody else shares is refused; then it lets ours in.
    if (i > 0) TurnOn(socket.get(), SOL_SOCKET, SO_REUSEPORT);
    if (bind(socket.get(), where.get(), where.size) != 0) {
      return ListenError("bind to", address, port);
    }
    if (i == 0 && count > 1 && !TurnOn(socket.get(), SOL_SOCKET, SO_REUSEPORT)) {
      return ListenError("share", address, port);
    }
    if (port == 0) port = LocalEndpoint(socket.get()).port;
    sockets.push_back(std::move(socket));
  }
  for (const Socket& socket : sockets) {
    if (listen(socket.get(), backlog) != 0) return ListenError("listen on", address, port);
  }
  return sockets;
}

Acceptor::Acceptor(EventLoop& loop, Socket listener, Accepted accepted)
    : loop_(loop),
      listener_(std::move(listener)),
      accepted_(std::move(accepted)),
      event_(event_new(loop.base(), listener_.get(), EV_READ | EV_PERSIST, &OnReadable, this)) {
  event_add(event_.get(), nullptr);
}

Acceptor::~Acceptor() {
  // A loop that has ended has dropped its timers.
  if (rest_timer_ != 0 && loop_.OnOwnerThread()) loop_.Cancel(rest_timer_);
}

void Acceptor::OnReadable(int /*fd*/, short /*what*/, void* self) {
  static_cast<Acceptor*>(self)->AcceptSome();
}

void Acceptor::AcceptSome() {
  for (int i = 0; i < kAcceptsPerTurn && AcceptOne(); ++i) {}
}

bool Acceptor::AcceptOne() {
  SocketAddress peer;
  peer.size = sizeof(peer.storage);
  Socket socket(accept4(listener_.get(), peer.get(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket.get() < 0) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) Rest(errno);
    return errno == ECONNABORTED || errno == EINTR;
  }
  TurnOn(socket.get(), IPPROTO_TCP, TCP_NODELAY);
  Endpoint local = LocalEndpoint(socket.get());
  accepted_(std::move(socket), Endpoint::FromSockaddr(peer.get()), std::move(local));
  return true;
}

void Acceptor::Rest(int error) {
  LOG_WARN_LIMITED << "cannot accept connections: " << std::generic_category().message(error)
                   << "; raise the limit of open files (ulimit -n)";
  event_del(event_.get());
  rest_timer_ = loop_.After(kRest, [this] {
    rest_timer_ = 0;
    event_add(event_.get(), nullptr);
  });
  errno = error;
}

}  // namespace comet::net
