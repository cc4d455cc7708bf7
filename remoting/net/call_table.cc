#include "remoting/net/call_table.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "remoting/base/text.h"
#include "remoting/net/io_loop.h"

namespace comet::net {

bool CallTable::Add(EncodedCall& call) {
  RawCallback done = std::exchange(call.done, nullptr);
  const auto [place, added] = calls_.try_emplace(call.opaque, *this, call.opaque);
  if (!added) {
    call.slot.Release();
    done(Status(Status::Code::kFull, Concat("too many calls to ", peer_, " in flight")));
    return false;
  }
  place->second.since = io_.loop().now();
  place->second.done = std::move(done);
  place->second.slot = std::move(call.slot);
  io_.Schedule(place->second, call.deadline);
  return true;
}

RawCallback CallTable::Remove(std::int32_t opaque) {
  const auto found = calls_.find(opaque);
  if (found == calls_.end()) return nullptr;
  RawCallback done = std::move(found->second.done);
  calls_.erase(found);
  return done;
}

bool CallTable::Complete(const wire::Frame& reply) {
  RawCallback done = Remove(reply.head.opaque);
  if (!done) return false;
  done(&reply);
  return true;
}

void CallTable::FailAll(Status::Code code, std::string_view why) {
  // Callbacks may add calls; those are not failed.
  std::vector<std::pair<std::int32_t, RawCallback>> failed;
  failed.reserve(calls_.size());
  for (auto& [opaque, waiting] : calls_) failed.emplace_back(opaque, std::move(waiting.done));
  calls_.clear();
  // In the order of the calls: who tries them again keeps it.
  std::sort(failed.begin(), failed.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [opaque, done] : failed) done(Status(code, std::string(why)));
}

void CallTable::Waiting::OnTimer(MonoTime /*now*/) {
  CallTable& owner = table;
  const MonoTime waiting_since = since;
  RawCallback call = owner.Remove(opaque);  // destroys *this
  const std::string peer = owner.peer_;
  if (owner.on_timeout_) owner.on_timeout_(waiting_since);
  call(Status(Status::Code::kTimeout, Concat("no answer from ", peer, " in time")));
}

}  // namespace comet::net
