#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "remoting/net/connection_id.h"
#include "remoting/net/endpoint.h"
#include "remoting/net/event_loop.h"
#include "remoting/net/net_config.h"
#include "remoting/net/net_metrics.h"
#include "remoting/net/output.h"
#include "remoting/net/pending_table.h"
#include "remoting/net/timer_wheel.h"
#include "remoting/wire/frame.h"

namespace comet::net {

class Connection;
class ConnectionOwner;
class Resolver;

// Something besides connections that must let go of a loop's sockets when the loop ends.
class LoopResident {
 public:
  virtual ~LoopResident() = default;
  virtual void OnLoopEnd() = 0;
};

// One event loop and what its connections share: the buffer they read into, the decoder, the
// corked outputs, the tickets, the wheel of their deadlines and the memory they may hold.
// Internal to the network layer. Owner thread only, but for loop().
class IoLoop {
 public:
  static constexpr std::size_t kReadBytes = 256 << 10;

  IoLoop(std::uint32_t index, const NetConfig& config, Clock& clock, NetMetrics& metrics);
  ~IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  std::uint32_t index() const { return index_; }
  EventLoop& loop() { return loop_; }
  const NetConfig& config() const { return config_; }
  NetMetrics& metrics() { return metrics_; }

  // Takes over the descriptor and starts to read. Null, and the descriptor is closed, when the
  // loop has as many connections as it may.
  Connection* Open(int descriptor, std::shared_ptr<ConnectionOwner> owner, Endpoint peer,
                   Endpoint local);
  Connection* Find(ConnectionId id) const {
    if (id.loop != index_ || id.slot >= places_.size()) return nullptr;
    const Place& place = places_[id.slot];
    return place.generation == id.generation ? place.connection.get() : nullptr;
  }
  // Called by a connection that closes: its id is dead from now on, the object until the end of
  // the iteration.
  void Retire(Connection& connection);
  void CloseOwnedBy(const ConnectionOwner& owner, std::string_view reason);
  void CloseAll();  // connections and residents
  std::size_t connections() const { return places_.size() - free_.size(); }

  void MarkDirty(ConnectionId id) { dirty_.push_back(id); }  // has output; once an iteration
  void Schedule(TimerNode& node, MonoTime deadline);

  PendingTable& pending() { return pending_; }
  ChunkPool& chunks() { return chunks_; }
  wire::FrameDecoder& decoder() { return decoder_; }
  char* read_buffer() { return read_buffer_.get(); }  // kReadBytes, and wire::kReadPadding behind
  Resolver& resolver();

  void AddMemory(std::int64_t bytes) { memory_ += bytes; }
  bool over_memory() const { return memory_ > config_.loop_memory_bytes; }

  void AddResident(LoopResident* resident) { residents_.insert(resident); }
  void RemoveResident(LoopResident* resident) { residents_.erase(resident); }

 private:
  struct Place {
    std::uint32_t generation = 0;
    std::unique_ptr<Connection> connection;
  };

  void WriteOutputs();
  void ArmWheel(MonoTime at);
  void RunWheel();

  const std::uint32_t index_;
  const NetConfig config_;
  NetMetrics& metrics_;
  EventLoop loop_;
  ChunkPool chunks_;
  wire::FrameDecoder decoder_;
  std::unique_ptr<char[]> read_buffer_;
  PendingTable pending_;
  std::unique_ptr<Resolver> resolver_;

  TimerWheel wheel_;
  MonoTime wheel_at_ = MonoTime::max();
  Executor::TimerId wheel_timer_ = 0;

  std::vector<Place> places_;
  std::vector<std::uint32_t> free_;
  std::vector<std::unique_ptr<Connection>> retired_;
  std::vector<ConnectionId> dirty_;
  std::unordered_set<LoopResident*> residents_;
  std::int64_t memory_ = 0, reported_memory_ = 0;
};

}  // namespace comet::net
