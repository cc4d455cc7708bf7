#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/status.h"
#include "remoting/base/ticket.h"
#include "remoting/net/call.h"
#include "remoting/net/connection_id.h"
#include "remoting/net/event_loop.h"
#include "remoting/net/net_config.h"
#include "remoting/net/net_metrics.h"
#include "remoting/net/responder.h"

namespace comet::net {

class IoLoop;

struct LoopGroupOptions {
  std::size_t loops = 1;
  std::string name = "io";  // of the threads: io-0, io-1, ...
  bool pin = false;         // loop n to CPU n
  NetConfig config;
  Clock* clock = nullptr;  // the system's, unless a test brings its own
};

// What is left of the configured connections when the process may have so many descriptors: a
// quarter is for files, because a broker that cannot open a file cannot take messages.
std::int32_t ConnectionsPerLoop(const NetConfig& config, std::size_t loops,
                                std::uint64_t descriptors);

// N event loops on N threads, and everything that lives on them: the connections of servers and
// clients, and the requests that wait for an answer. Create it before, and destroy it after, all
// servers, clients, routers' handlers and responders that use it.
// Any thread, unless a function says otherwise.
class LoopGroup {
 public:
  explicit LoopGroup(LoopGroupOptions options = {});
  ~LoopGroup();  // stops
  LoopGroup(const LoopGroup&) = delete;
  LoopGroup& operator=(const LoopGroup&) = delete;

  // Hooks are added between the constructor and Start, by the constructing thread.
  // kUnavailable when the process may have no more descriptors or threads; then nothing runs.
  Status TryStart();
  void Start();  // the same for who cannot go on without
  // Closes every connection without waiting for answers, ends the threads, drops what was posted.
  // Pending calls end with kClosed. Idempotent.
  void Stop();

  std::size_t size() const { return loops_.size(); }
  EventLoop& loop(std::size_t index);
  EventLoop& Next();  // one after the other
  IoLoop& io(std::size_t index) { return *loops_[index]; }
  IoLoop& NextIo();
  const NetConfig& config() const { return options_.config; }
  NetMetrics& metrics() { return metrics_; }
  void Wake();  // an iteration of every loop; for tests that have moved a ManualClock

  // Takes back the duty parked under a ticket. Empty when the peer is gone, the request was
  // one-way or the ticket has been taken before: answering it then does nothing. Owner thread of
  // the ticket's loop.
  Responder Unpark(const Ticket& ticket);

  // Calls the client at the other end of a connection. `done` takes a StatusOr<Answer<R>> and runs
  // on the connection's loop, exactly once. The request has the JSON header, which every client
  // reads.
  template <wire::Request R, class Fn>
  void Call(ConnectionId to, const typename R::Header& header, std::string_view body,
            const CallOptions& options, Fn&& done) {
    Send(to, Encode<R>(header, body, options, 0, Decoding<R>(std::forward<Fn>(done))));
  }
  template <wire::Request R>
  void CallOneway(ConnectionId to, const typename R::Header& header, std::string_view body = {},
                  const CallOptions& options = {}) {
    Send(to, Encode<R>(header, body, options, wire::kFlagOneway, nullptr));
  }

  // Takes effect on the connection's loop; nothing if it is gone. The reason is logged.
  void CloseConnection(ConnectionId connection, std::string reason);

 private:
  template <wire::Request R>
  EncodedCall Encode(const typename R::Header& header, std::string_view body,
                     const CallOptions& options, std::int32_t flag, RawCallback done) {
    EncodedCall call;
    call.opaque = next_opaque_.fetch_add(1, std::memory_order_relaxed);
    call.oneway = flag == wire::kFlagOneway;
    call.deadline = clock_.Now() + options.timeout;
    call.done = std::move(done);
    wire::Head head;
    head.opaque = call.opaque;
    head.flag = flag;
    EncodeRequest<R>(head, header, body, options, &call.bytes);
    return call;
  }
  void RunLoop(std::size_t index);  // until Stop; the loop's thread
  void Send(ConnectionId to, EncodedCall call);

  LoopGroupOptions options_;
  Clock& clock_;
  NetMetrics metrics_;
  std::vector<std::unique_ptr<IoLoop>> loops_;
  std::vector<std::jthread> threads_;
  std::atomic<std::size_t> next_loop_ = 0;
  std::atomic<std::int32_t> next_opaque_ = 0;
};

}  // namespace comet::net
