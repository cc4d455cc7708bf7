#include "store/commit_tracker.h"

#include <algorithm>
#include <utility>

#include "remoting/base/check.h"

namespace comet::store {

void CommitTracker::Add(Group group) {
  std::vector<Group> done;
  {
    MutexLock lock(mutex_);
    const bool waits = group.policy != AckPolicy{};
    if (waits && !failed_ && !Satisfied(group)) {
      groups_.push_back(std::move(group));
      return;
    }
    if (waits && failed_) {
      for (Ack& ack : group.acks) ack.outcome = AppendOutcome::kFailed;
    }
    done.push_back(std::move(group));
  }
  Deliver(std::move(done));
}

void CommitTracker::OnFlushed(std::int64_t offset) {
  std::vector<Group> done;
  {
    MutexLock lock(mutex_);
    flushed_ = std::max(flushed_, offset);
    done = PopSatisfied();
  }
  Deliver(std::move(done));
}

void CommitTracker::OnReplicated(std::uint32_t replica, std::int64_t offset) {
  COMET_CHECK_LT(replica, kReplicasMax);
  std::vector<Group> done;
  {
    MutexLock lock(mutex_);
    if (replicated_.size() <= replica) replicated_.resize(replica + 1, 0);
    replicated_[replica] = std::max(replicated_[replica], offset);
    done = PopSatisfied();
  }
  Deliver(std::move(done));
}

void CommitTracker::Expire(MonoTime now) {
  std::vector<Group> done;
  {
    MutexLock lock(mutex_);
    while (!groups_.empty() && groups_.front().deadline <= now) {
      const AppendOutcome outcome = Missing(groups_.front());
      for (Ack& ack : groups_.front().acks) ack.outcome = outcome;
      done.push_back(std::move(groups_.front()));
      groups_.pop_front();
    }
  }
  Deliver(std::move(done));
}

void CommitTracker::Fail() {
  std::vector<Group> done;
  {
    MutexLock lock(mutex_);
    failed_ = true;
    done.assign(std::make_move_iterator(groups_.begin()), std::make_move_iterator(groups_.end()));
    groups_.clear();
  }
  for (Group& group : done) {
    for (Ack& ack : group.acks) ack.outcome = AppendOutcome::kFailed;
  }
  Deliver(std::move(done));
}

bool CommitTracker::empty() const {
  MutexLock lock(mutex_);
  return groups_.empty();
}

AppendOutcome CommitTracker::Missing(const Group& group) const {
  if (group.policy.flushed && flushed_ < group.end_offset) return AppendOutcome::kFlushTimeout;
  const auto copies =
      std::count_if(replicated_.begin(), replicated_.end(),
                    [&](std::int64_t offset) { return offset >= group.end_offset; });
  return copies >= group.policy.replicas ? AppendOutcome::kOk : AppendOutcome::kReplicaTimeout;
}

bool CommitTracker::Satisfied(const Group& group) const {
  return Missing(group) == AppendOutcome::kOk;
}

std::vector<CommitTracker::Group> CommitTracker::PopSatisfied() {
  std::vector<Group> done;
  while (!groups_.empty() && Satisfied(groups_.front())) {
    done.push_back(std::move(groups_.front()));
    groups_.pop_front();
  }
  return done;
}

void CommitTracker::Deliver(std::vector<Group> groups) {
  if (groups.empty()) return;
  std::vector<Ack> acks = std::move(groups.front().acks);
  for (std::size_t i = 1; i < groups.size(); ++i) {
    acks.insert(acks.end(), groups[i].acks.begin(), groups[i].acks.end());
  }
  DeliverAcks(sink_, std::move(acks));
}

}  // namespace comet::store
