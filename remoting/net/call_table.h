#pragma once

#include <cstdint>
#include <functional>
#include <memory_resource>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "remoting/base/status.h"
#include "remoting/net/call.h"
#include "remoting/net/timer_wheel.h"

namespace comet::net {

class IoLoop;

// Calls that wait for their reply, by opaque. Every callback runs exactly once. One thread.
class CallTable {
 public:
  // Callbacks that the peer's silence ends are told its name.
  CallTable(IoLoop& io, std::string_view peer) : io_(io), peer_(peer) {}
  ~CallTable() { FailAll(Status::Code::kClosed, "closed"); }
  CallTable(const CallTable&) = delete;
  CallTable& operator=(const CallTable&) = delete;

  // Who wants to know when a call times out, and since when it waits.
  void OnTimeout(std::function<void(MonoTime since)> told) { on_timeout_ = std::move(told); }

  // Takes over call.done. False, and it fails with kFull, if the opaque is in use already: then
  // the request must not be sent.
  bool Add(EncodedCall& call);
  bool Contains(std::int32_t opaque) const { return calls_.contains(opaque); }
  // False if nobody waits for it (any more).
  bool Complete(const wire::Frame& reply);
  void FailAll(Status::Code code, std::string_view why);

 private:
  struct Waiting : TimerNode {
    Waiting(CallTable& owner, std::int32_t id) : table(owner), opaque(id) {}
    void OnTimer(MonoTime now) override;

    CallTable& table;
    const std::int32_t opaque;
    MonoTime since{};
    RawCallback done;
    InFlightSlot slot;  // given back before `done` runs
  };

  RawCallback Remove(std::int32_t opaque);

  IoLoop& io_;
  const std::string peer_;
  std::function<void(MonoTime)> on_timeout_;
  std::pmr::unsynchronized_pool_resource memory_;  // one call, no malloc
  std::pmr::unordered_map<std::int32_t, Waiting> calls_{&memory_};
};

}  // namespace comet::net
