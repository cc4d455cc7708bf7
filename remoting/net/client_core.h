#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/mutex.h"
#include "remoting/net/call_table.h"
#include "remoting/net/client.h"
#include "remoting/net/connection.h"
#include "remoting/net/dialer.h"
#include "remoting/net/io_loop.h"

namespace comet::net {

// What of a client lives on its loop: idle, connecting or connected. While it connects, calls are
// in the table already, so that they time out, and their bytes wait. Owner thread, but for
// Submit, Close, FailWaiting and in_flight.
class Client::Core final : public ConnectionOwner,
                           public LoopResident,
                           public std::enable_shared_from_this<Client::Core> {
 public:
  Core(IoLoop& io, std::string address, ClientOptions options);

  // Takes over `call`; `write` adds its bytes, of which about `body_bytes` are expected.
  void Submit(EncodedCall& call, const RequestWriter& write, std::size_t body_bytes)
      EXCLUDES(mutex_);
  void Drain() EXCLUDES(mutex_);
  void FailWaiting() EXCLUDES(mutex_);  // the loop has ended
  void Close();
  std::int32_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }
  EventLoop& loop() { return io_.loop(); }

  const Router* router() const override { return options_.router; }
  CallTable* calls() override { return &calls_; }
  void OnOpened(ConnectionId id, const Endpoint& peer) override;
  void OnClosed(ConnectionId id, const Endpoint& peer, std::string_view reason) override;
  void OnLoopEnd() override { End(); }

 private:
  // Calls of other threads until the loop has them. The bytes of small ones are one text, so that
  // neither thread allocates and frees for each.
  struct Waiting {
    struct One {
      EncodedCall call;   // has bytes of its own if it is large
      std::size_t bytes;  // of the text otherwise
    };
    std::vector<One> calls;
    std::string text;
  };

  bool SendAtOnce(EncodedCall& call, const RequestWriter& write) EXCLUDES(mutex_);
  bool Admit(EncodedCall& call, std::size_t body_bytes);
  void StartCall(EncodedCall call, std::string_view text);
  void Enqueue(EncodedCall call);
  void End();
  void OnCallTimeout(MonoTime since);
  void WatchSilence();
  void ProbeIfSilent(ConnectionId connection);

  void Connect();
  void Connected(Dialed dialed);
  void ConnectFailed(const std::string& reason);

  IoLoop& io_;
  const std::string address_;
  const ClientOptions options_;
  std::atomic<std::int32_t> in_flight_ = 0;  // two-way calls without an outcome so far
  CallTable calls_;

  Mutex mutex_;
  Waiting waiting_ GUARDED_BY(mutex_);           // one post for all of them
  std::atomic<std::int64_t> waiting_bytes_ = 0;  // of waiting_ and queued_
  std::atomic<bool> closed_ = false;

  Waiting draining_;     // keeps its memory between two drains
  std::string at_once_;  // the same for calls made on the loop
  ConnectionId connection_;
  MonoTime probed_at_{};
  bool resident_ = false;
  Dialer dialer_;
  std::vector<EncodedCall> queued_;  // until connected
  Duration backoff_{};
  MonoTime retry_at_ = MonoTime::min();
  std::string last_error_;
};

}  // namespace comet::net
