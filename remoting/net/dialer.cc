#include "remoting/net/dialer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include <event2/event.h>

#include "remoting/base/check.h"
#include "remoting/net/io_loop.h"
#include "remoting/net/resolver.h"

namespace comet::net {
namespace {

Status Unreached(std::string why) {
  return {Status::Code::kUnavailable, std::move(why)};
}

Status Unreached(int error) {
  return Unreached(std::generic_category().message(error));
}

int ErrorOf(int descriptor) {
  int error = 0;
  socklen_t size = sizeof(error);
  return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

struct Dialer::Attempt : std::enable_shared_from_this<Attempt> {
  Attempt(Dialer& its_dialer, Done its_done) : dialer(its_dialer), done(std::move(its_done)) {}

  static void OnConnected(int /*fd*/, short /*what*/, void* self) {
    const auto attempt = static_cast<Attempt*>(self)->shared_from_this();
    attempt->Connected();
  }
  void Connected();

  Dialer& dialer;
  Done done;
  SocketAddress target;
  Socket socket;
  EventPtr event;
  Executor::TimerId timer = 0;
};

void Dialer::Attempt::Connected() {
  if (const int error = ErrorOf(socket.get()); error != 0) {
    return dialer.Finish(shared_from_this(), Unreached(error));
  }
  TurnOn(socket.get(), IPPROTO_TCP, TCP_NODELAY);
  NoticeDeadPeer(socket.get());
  event.reset();
  Endpoint local = LocalEndpoint(socket.get());
  dialer.Finish(shared_from_this(),
                Dialed{std::move(socket), Endpoint::FromSockaddr(target.get()), std::move(local)});
}

void Dialer::Dial(const std::string& address, Duration timeout, Done done) {
  COMET_CHECK(!dialing());
  const auto attempt = attempt_ = std::make_shared<Attempt>(*this, std::move(done));
  const std::weak_ptr<Attempt> weak = attempt;
  attempt->timer = io_.loop().After(timeout, [weak] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    self->timer = 0;
    self->dialer.Finish(self, Unreached("no connection in time"));
  });
  const auto target = ParseHostPort(address);
  if (!target.ok()) return Finish(attempt, Unreached(target.error().message()));
  io_.resolver().Resolve(*target, [weak](StatusOr<SocketAddress> found) {
    if (const auto self = weak.lock()) self->dialer.Resolved(self, std::move(found));
  });
}

void Dialer::Resolved(const std::shared_ptr<Attempt>& attempt, StatusOr<SocketAddress> address) {
  if (!address.ok()) return Finish(attempt, Unreached(address.error().message()));
  attempt->target = *address;
  const sockaddr* to = attempt->target.get();
  attempt->socket.Reset(::socket(to->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int descriptor = attempt->socket.get();
  if (descriptor < 0 ||
      (connect(descriptor, to, attempt->target.size) != 0 && errno != EINPROGRESS)) {
    return Finish(attempt, Unreached(errno));
  }
  attempt->event.reset(
      event_new(io_.loop().base(), descriptor, EV_WRITE, &Attempt::OnConnected, attempt.get()));
  event_add(attempt->event.get(), nullptr);
}

void Dialer::Finish(const std::shared_ptr<Attempt>& attempt, StatusOr<Dialed> outcome) {
  COMET_CHECK(attempt == attempt_);
  Cancel();
  attempt->done(std::move(outcome));
}

void Dialer::Cancel() {
  const auto attempt = std::exchange(attempt_, nullptr);
  if (attempt == nullptr) return;
  if (attempt->timer != 0) io_.loop().Cancel(attempt->timer);
  attempt->event.reset();
  attempt->socket.Reset();
}

}  // namespace comet::net
