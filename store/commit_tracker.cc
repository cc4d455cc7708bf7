#include "store/commit_tracker.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "remoting/base/check.h"

namespace comet::store {

void CommitTracker::Add(Group group) {
  std::vector<Group> done;
  {
    MutexLock lock(mutex_);
    const bool waits = group.policy != AckPolicy{};
    group.no_replica = in_sync_ < group.policy.replicas;
    if (waits && !failed_ && !Satisfied(group)) {
      QueueOf(group).push_back(std::move(group));
      return;
    }
    SetOutcome(group, waits && failed_ ? AppendOutcome::kFailed : OutcomeOf(group));
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

void CommitTracker::ForgetReplica(std::uint32_t replica) {
  MutexLock lock(mutex_);
  if (replica < replicated_.size()) replicated_[replica] = 0;
}

void CommitTracker::SetReplicasInSync(int count) {
  MutexLock lock(mutex_);
  in_sync_ = count;
}

void CommitTracker::Expire(MonoTime now) {
  std::vector<Group> done;
  {
    MutexLock lock(mutex_);
    for (auto& queue : queues_) {
      while (!queue.empty() && Expired(queue.front(), now)) done.push_back(PopOutcome(&queue));
    }
    // Behind one that was waited for there may be others that have all they need.
    for (Group& group : PopSatisfied()) done.push_back(std::move(group));
  }
  Deliver(std::move(done));
}

void CommitTracker::Fail() {
  std::vector<Group> done;
  {
    MutexLock lock(mutex_);
    failed_ = true;
    for (auto& queue : queues_) {
      std::move(queue.begin(), queue.end(), std::back_inserter(done));
      queue.clear();
    }
  }
  for (Group& group : done) SetOutcome(group, AppendOutcome::kFailed);
  Deliver(std::move(done));
}

bool CommitTracker::empty() const {
  MutexLock lock(mutex_);
  return queues_[0].empty() && queues_[1].empty();
}

bool CommitTracker::Flushed(const Group& group) const {
  return !group.policy.flushed || flushed_ >= group.end_offset;
}

bool CommitTracker::Replicated(const Group& group) const {
  if (group.no_replica || group.policy.replicas == 0) return true;
  const auto copies =
      std::count_if(replicated_.begin(), replicated_.end(),
                    [&](std::int64_t offset) { return offset >= group.end_offset; });
  return copies >= group.policy.replicas;
}

bool CommitTracker::Expired(const Group& group, MonoTime now) const {
  return (Flushed(group) || group.deadline <= now) &&
         (Replicated(group) || group.replica_deadline <= now);
}

AppendOutcome CommitTracker::OutcomeOf(const Group& group) const {
  if (!Replicated(group)) return AppendOutcome::kReplicaTimeout;
  if (group.no_replica) return AppendOutcome::kNoReplica;
  return Flushed(group) ? AppendOutcome::kOk : AppendOutcome::kFlushTimeout;
}

std::deque<CommitTracker::Group>& CommitTracker::QueueOf(const Group& group) {
  return queues_[group.policy.replicas == 0 || group.no_replica ? 1 : 0];
}

CommitTracker::Group CommitTracker::PopOutcome(std::deque<Group>* queue) {
  Group group = std::move(queue->front());
  queue->pop_front();
  SetOutcome(group, OutcomeOf(group));
  return group;
}

void CommitTracker::SetOutcome(Group& group, AppendOutcome outcome) {
  for (Ack& ack : group.acks) ack.outcome = outcome;
}

std::vector<CommitTracker::Group> CommitTracker::PopSatisfied() {
  std::vector<Group> done;
  for (auto& queue : queues_) {
    while (!queue.empty() && Satisfied(queue.front())) done.push_back(PopOutcome(&queue));
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
