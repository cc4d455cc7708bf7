#pragma once

#include <memory>
#include <string>

#include "remoting/base/clock.h"
#include "remoting/base/status_or.h"
#include "remoting/base/unique_function.h"
#include "remoting/net/endpoint.h"
#include "remoting/net/socket.h"

namespace comet::net {

class IoLoop;

// An open connection that nobody reads yet: non-blocking, without Nagle's delay, and ended by the
// kernel soon after its peer's machine has died.
struct Dialed {
  Socket socket;
  Endpoint peer, local;
};

// Opens one TCP connection at a time without blocking its loop: resolves, connects, gives up when
// it takes too long. Owner thread of the loop; the destructor may run after the loop's end.
class Dialer {
 public:
  using Done = UniqueFunction<void(StatusOr<Dialed>)>;

  explicit Dialer(IoLoop& io) : io_(io) {}
  Dialer(const Dialer&) = delete;
  Dialer& operator=(const Dialer&) = delete;

  // `address` is host:port. Calls `done` once, possibly before it returns, unless it is cancelled;
  // `done` may dial again and may destroy the dialer. kUnavailable: nobody was reached, and why.
  void Dial(const std::string& address, Duration timeout, Done done);
  void Cancel();
  bool dialing() const { return attempt_ != nullptr; }

 private:
  struct Attempt;

  void Resolved(const std::shared_ptr<Attempt>& attempt, StatusOr<SocketAddress> address);
  void Finish(const std::shared_ptr<Attempt>& attempt, StatusOr<Dialed> outcome);

  IoLoop& io_;
  std::shared_ptr<Attempt> attempt_;  // others hold it weakly, so a late answer finds nothing
};

}  // namespace comet::net
