#include "remoting/net/io_loop.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "remoting/base/check.h"
#include "remoting/base/log.h"
#include "remoting/net/connection.h"
#include "remoting/net/resolver.h"
#include "remoting/wire/header_json.h"

namespace comet::net {

IoLoop::IoLoop(std::uint32_t index, const NetConfig& config, Clock& clock, NetMetrics& metrics)
    : index_(index),
      config_(config),
      metrics_(metrics),
      loop_(clock),
      read_buffer_(std::make_unique_for_overwrite<char[]>(kReadBytes + wire::kReadPadding)),
      pending_(index),
      wheel_(clock.Now()) {
  std::memset(read_buffer_.get() + kReadBytes, 0, wire::kReadPadding);
  loop_.AtOutput([this] { WriteOutputs(); });
}

IoLoop::~IoLoop() {
  CloseAll();
  loop_.DropTasks();
}

Connection* IoLoop::Open(int descriptor, std::shared_ptr<ConnectionOwner> owner, Endpoint peer,
                         Endpoint local) {
  if (connections() >= static_cast<std::size_t>(config_.connections_per_loop_max)) {
    metrics_.refused.Add();
    LOG_WARN_LIMITED << "refusing " << peer.text << ": this loop has " << connections()
                     << " connections, the most it may";
    close(descriptor);
    return nullptr;
  }
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(places_.size()));
    places_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  const ConnectionId id{index_, slot, places_[slot].generation};
  auto connection = std::make_unique<Connection>(*this, id, descriptor, std::move(owner),
                                                 std::move(peer), std::move(local));
  Connection* const opened = connection.get();
  places_[slot].connection = std::move(connection);
  metrics_.connections.Add(1);
  opened->Start();
  return Find(id);
}

void IoLoop::Retire(Connection& connection) {
  const std::uint32_t slot = connection.id().slot;
  Place& place = places_[slot];
  COMET_CHECK(place.connection.get() == &connection);
  ++place.generation;
  retired_.push_back(std::move(place.connection));
  free_.push_back(slot);
  metrics_.closed.Add();
  metrics_.connections.Add(-1);
}

void IoLoop::CloseOwnedBy(const ConnectionOwner& owner, std::string_view reason) {
  // By index: closing one calls its owner, who may open another.
  for (std::size_t i = 0; i < places_.size(); ++i) {
    Connection* connection = places_[i].connection.get();
    if (connection != nullptr && &connection->owner() == &owner) connection->Close(reason);
  }
}

void IoLoop::CloseAll() {
  while (!residents_.empty()) {
    LoopResident* resident = *residents_.begin();
    residents_.erase(residents_.begin());
    resident->OnLoopEnd();
  }
  for (std::size_t i = 0; i < places_.size(); ++i) {
    if (places_[i].connection != nullptr) places_[i].connection->Close("shutting down");
  }
  retired_.clear();
  resolver_.reset();
}

void IoLoop::Schedule(TimerNode& node, MonoTime deadline) {
  wheel_.Schedule(node, deadline);
  // The wheel looks at a deadline in the tick after it.
  if (deadline < wheel_at_ - TimerWheel::kTick) ArmWheel(deadline + TimerWheel::kTick);
}

void IoLoop::ArmWheel(MonoTime at) {
  loop_.Cancel(wheel_timer_);
  wheel_at_ = at;
  wheel_timer_ = loop_.After(at - loop_.clock().Now(), [this] { RunWheel(); });
}

void IoLoop::RunWheel() {
  wheel_at_ = MonoTime::max();
  wheel_.Advance(loop_.now());
  if (const auto next = wheel_.NextWake(); next && *next < wheel_at_) ArmWheel(*next);
}

Resolver& IoLoop::resolver() {
  if (resolver_ == nullptr) resolver_ = std::make_unique<Resolver>(loop_.base());
  return *resolver_;
}

void IoLoop::WriteOutputs() {
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    if (Connection* connection = Find(dirty_[i])) connection->WriteOut();
  }
  dirty_.clear();
  retired_.clear();
  if (memory_ != reported_memory_) {
    metrics_.memory.Add(memory_ - std::exchange(reported_memory_, memory_));
  }
}

}  // namespace comet::net
