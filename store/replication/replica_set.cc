#include "store/replication/replica_set.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "remoting/base/text.h"

namespace comet::store {
namespace {

constexpr auto kSampleTime = std::chrono::seconds(1);

std::string_view IpOf(std::string_view address) {
  return address.substr(0, address.rfind(':'));
}

}  // namespace

ReplicaSet::ReplicaSet(const CommitLog& log, CommitTracker& tracker, Clock& clock,
                       std::int64_t gap_bytes)
    : log_(log), tracker_(tracker), clock_(clock), gap_bytes_(gap_bytes) {
  for (auto& acked : acked_) acked.store(-1, std::memory_order_relaxed);
}

bool ReplicaSet::SameCopy(const Connection& a, const Connection& b) {
  if (a.broker_id >= 0 || b.broker_id >= 0) return a.broker_id == b.broker_id;
  return IpOf(a.address) == IpOf(b.address);
}

ReplicaSet::Connection* ReplicaSet::Find(Id id) {
  const auto it = std::find_if(connections_.begin(), connections_.end(),
                               [&](const Connection& one) { return one.id == id; });
  return it == connections_.end() ? nullptr : &*it;
}

// That of another connection of the same copy, else the first free one.
int ReplicaSet::PlaceFor(const Connection& one) const {
  std::array<bool, CommitTracker::kReplicasMax> taken{};
  for (const Connection& other : connections_) {
    if (&other == &one || other.place == kNoPlace) continue;
    if (SameCopy(one, other)) return other.place;
    taken[static_cast<std::size_t>(other.place)] = true;
  }
  const auto free = std::find(taken.begin(), taken.end(), false);
  return free == taken.end() ? kNoPlace : static_cast<int>(free - taken.begin());
}

void ReplicaSet::SetPlace(Connection* one) {
  one->place = PlaceFor(*one);
  if (one->place >= places_.load()) places_.store(one->place + 1);
}

// What the copy at a place has, by all its connections.
std::int64_t ReplicaSet::AckedAt(int place) const {
  std::int64_t acked = -1;
  for (const Connection& one : connections_) {
    if (one.place == place) acked = std::max(acked, one.acked);
  }
  return acked;
}

// Tells everybody what the copy at `place` has now.
void ReplicaSet::Publish(int place) {
  if (place != kNoPlace) {
    std::int64_t acked = -1;
    {
      MutexLock lock(mutex_);
      acked = AckedAt(place);
    }
    auto& known = acked_[static_cast<std::size_t>(place)];
    if (acked < known.load()) tracker_.ForgetReplica(static_cast<std::uint32_t>(place));
    known.store(acked);
    tracker_.SetReplicasInSync(in_sync());
    if (acked >= 0) tracker_.OnReplicated(static_cast<std::uint32_t>(place), acked);
  }
}

ReplicaSet::Id ReplicaSet::Attach(const std::string& address) {
  MutexLock changing(changing_);
  MutexLock lock(mutex_);
  Connection one;
  one.id = ++last_id_;
  one.address = address;
  const auto known = std::find_if(expected_.begin(), expected_.end(),
                                  [&](const Expected& e) { return e.address == address; });
  if (known != expected_.end()) {
    one.broker_id = known->broker_id;
    expected_.erase(known);
  }
  connections_.push_back(std::move(one));
  SetPlace(&connections_.back());
  return connections_.back().id;
}

Status ReplicaSet::Identify(const std::string& address, std::int64_t broker_id) {
  MutexLock changing(changing_);
  int before = kNoPlace, after = kNoPlace;
  {
    MutexLock lock(mutex_);
    Connection* here = nullptr;
    for (Connection& one : connections_) {
      if (one.address == address) {
        here = &one;
      } else if (one.broker_id == broker_id) {
        return {Status::Code::kInvalid,
                Concat("a replica at ", one.address, " is attached as broker ", broker_id,
                       " already, ", address,
                       " cannot be it too: give one of them another "
                       "brokerId")};
      }
    }
    if (here == nullptr) {
      std::erase_if(expected_, [&](const Expected& e) {
        return e.address == address || e.broker_id == broker_id;
      });
      if (expected_.size() == kExpectedMax) expected_.erase(expected_.begin());
      expected_.push_back({address, broker_id});
      return {};
    }
    before = here->place;
    here->broker_id = broker_id;
    SetPlace(here);
    after = here->place;
  }
  Publish(before);
  Publish(after);
  return {};
}

void ReplicaSet::OnAck(Id id, std::int64_t offset) {
  MutexLock changing(changing_);
  int place = kNoPlace;
  {
    MutexLock lock(mutex_);
    Connection* const one = Find(id);
    if (one == nullptr) return;
    one->acked = std::max(one->acked, std::min(offset, log_.end()));
    place = one->place;
  }
  Publish(place);
}

void ReplicaSet::OnSent(Id id, std::int64_t position) {
  MutexLock lock(mutex_);
  Connection* const one = Find(id);
  if (one == nullptr) return;
  if (one->sent < 0) one->sampled = position;
  one->sent = position;
}

void ReplicaSet::Detach(Id id) {
  MutexLock changing(changing_);
  int place = kNoPlace;
  {
    MutexLock lock(mutex_);
    const Connection* const one = Find(id);
    if (one == nullptr) return;
    place = one->place;
    connections_.erase(connections_.begin() + (one - connections_.data()));
  }
  Publish(place);
}

bool ReplicaSet::InSync(std::int64_t acked) const {
  return acked >= 0 && log_.end() - acked < gap_bytes_;
}

int ReplicaSet::in_sync() const {
  int count = 0;
  const int places = places_.load(std::memory_order_acquire);
  for (int place = 0; place < places; ++place) {
    count += InSync(acked_[static_cast<std::size_t>(place)].load()) ? 1 : 0;
  }
  return count;
}

bool ReplicaSet::Covers(std::int64_t broker_id, std::int64_t log_offset) const {
  MutexLock lock(mutex_);
  const bool named = std::any_of(connections_.begin(), connections_.end(),
                                 [](const Connection& one) { return one.broker_id >= 0; });
  const std::int64_t wanted = named ? broker_id : -1;
  return std::any_of(connections_.begin(), connections_.end(), [&](const Connection& one) {
    return one.broker_id == wanted && one.acked > log_offset;
  });
}

std::vector<ReplicaView> ReplicaSet::All() const {
  MutexLock lock(mutex_);
  std::vector<ReplicaView> views;
  for (const Connection& one : connections_) {
    views.push_back(
        {one.address, one.broker_id, one.acked, one.sent, InSync(one.acked), one.bytes_per_second});
  }
  return views;
}

void ReplicaSet::Refresh() {
  MutexLock changing(changing_);
  tracker_.SetReplicasInSync(in_sync());
  MutexLock lock(mutex_);
  const MonoTime now = clock_.Now();
  if (now - sampled_at_ < kSampleTime) return;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - sampled_at_).count();
  sampled_at_ = now;
  for (Connection& one : connections_) {
    one.bytes_per_second = (one.sent - one.sampled) * 1000 / ms;
    one.sampled = one.sent;
  }
}

}  // namespace comet::store
