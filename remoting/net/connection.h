#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "remoting/net/call_table.h"
#include "remoting/net/connection_id.h"
#include "remoting/net/endpoint.h"
#include "remoting/net/libevent_ptr.h"
#include "remoting/net/output.h"
#include "remoting/net/read_buffer.h"
#include "remoting/net/timer_wheel.h"
#include "remoting/wire/frame.h"

namespace comet::net {

class IoLoop;
class Router;

// Who opened a connection: a server or a client.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual const Router* router() const = 0;       // serves the peer's requests; null: none
  virtual CallTable* calls() { return nullptr; }  // null: the connection keeps its own
  virtual void OnOpened(ConnectionId id, const Endpoint& peer) = 0;
  virtual void OnClosed(ConnectionId id, const Endpoint& peer, std::string_view reason) = 0;
};

// One TCP connection, of either side. Reads into its loop's buffer, cuts frames in place, gives
// requests to the router and replies to whoever called; collects output and writes it once an
// iteration. Limits, and what happens at them, are NetConfig's:
// - it stops reading, which stops the peer, while too much output or too many requests wait;
// - it closes when a frame is malformed, cut off or takes too long, when the peer is idle or does
//   not take its replies, and when it holds too much memory.
// Internal to the network layer. Owner thread only.
class Connection : private TimerNode {
 public:
  Connection(IoLoop& io, ConnectionId id, int descriptor, std::shared_ptr<ConnectionOwner> owner,
             Endpoint peer, Endpoint local);
  ~Connection() override;

  void Start();
  ConnectionId id() const { return id_; }
  const Endpoint& peer() const { return peer_; }
  const ConnectionOwner& owner() const { return *owner_; }

  Output& output() { return output_; }
  void AfterAppend();  // output() has grown; may close the connection
  void Answered();     // one request less to answer
  MonoTime last_read() const { return last_read_; }
  bool congested() const { return (paused_ & kForOutput) != 0; }

  void Send(EncodedCall call);  // a request of ours, or bytes without a callback
  void WriteOut();

  // Writes what can be written at once, closes, tells the owner. Idempotent.
  void Close(std::string_view reason);

 private:
  enum Pause : unsigned { kForOutput = 1, kForAnswers = 2 };

  static void OnReadable(int fd, short what, void* self);
  static void OnWritable(int fd, short what, void* self);
  void OnTimer(MonoTime now) override;

  void Read();
  void ReadIntoLoopBuffer();
  void ReadIntoTail();
  bool CheckRead(std::ptrdiff_t got);  // false: nothing to do
  void Ended(std::string_view how);    // nothing more will come
  void AfterRead(std::size_t used);
  std::size_t Cut(std::string_view bytes, const char* readable_end);
  bool Serve(const wire::RawFrame& raw, const char* readable_end);
  void Dispatch(const wire::Frame& frame);
  void CloseMalformed(std::string_view reason, std::string_view bytes);
  void CloseOverdue(std::string_view reason);
  void CloseOverMemory(std::string_view what);

  void PauseReading(Pause why);
  void UnpauseReading(Pause why);
  void ContinueReading();
  void AfterWrite(Output::Write state, std::size_t written);
  void AccountMemory();
  MonoTime FrameDeadline() const;
  MonoTime OutputDeadline() const;
  MonoTime IdleDeadline() const;
  void WatchDeadline(MonoTime deadline);

  IoLoop& io_;
  const ConnectionId id_;
  int descriptor_;
  const std::shared_ptr<ConnectionOwner> owner_;
  const Endpoint peer_, local_;
  EventPtr read_event_, write_event_;

  ReadBuffer tail_;       // bytes read and not yet served
  std::size_t need_ = 0;  // bytes the first frame of tail_ has
  Output output_;
  std::unique_ptr<CallTable> own_calls_;

  bool closed_ = false, dirty_ = false, blocked_ = false, continuing_ = false;
  unsigned paused_ = 0;
  std::int64_t unanswered_ = 0;
  std::int64_t accounted_memory_ = 0;

  MonoTime last_activity_, last_read_, frame_since_;
  // The output that waited at mark_since_ has been taken when written_ reaches mark_.
  std::uint64_t written_ = 0, mark_ = 0;
  MonoTime mark_since_ = MonoTime::max();
};

}  // namespace comet::net
