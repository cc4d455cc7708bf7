#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "store/ack.h"

namespace comet::store {

// Holds written groups until the watermarks they wait for have passed. Those that wait
// for the same leave in log order, so a release pops a queue: no wait, no timer and no scan per
// message.
//
// A group that finds fewer replicas in sync than it needs does not wait for them. One that waits
// has a time for each: a missing copy is told before a missing sync, as RocketMQ does.
//
// Any thread. The sink is called without the lock held.
class CommitTracker {
 public:
  struct Group {
    std::int64_t end_offset = 0;  // of the log behind the group's last record
    AckPolicy policy;
    MonoTime deadline;          // of the sync
    MonoTime replica_deadline;  // of the copies
    std::vector<Ack> acks;
    bool no_replica = false;  // set by Add
  };

  explicit CommitTracker(AckSink& sink) : sink_(sink) {}

  // In log order. A group that waits for nothing is answered before this returns.
  void Add(Group group) EXCLUDES(mutex_);
  void OnFlushed(std::int64_t offset) EXCLUDES(mutex_);
  // Replicas are numbered by distinct copy, from 0 to kReplicasMax - 1.
  void OnReplicated(std::uint32_t replica, std::int64_t offset) EXCLUDES(mutex_);
  // The number may be given to another copy from now on.
  void ForgetReplica(std::uint32_t replica) EXCLUDES(mutex_);
  void SetReplicasInSync(int count) EXCLUDES(mutex_);
  // Answers groups whose deadline has passed with a time-out: the message may still survive.
  void Expire(MonoTime now) EXCLUDES(mutex_);
  // Answers every waiting group, and every later one that has to wait, with kFailed.
  void Fail() EXCLUDES(mutex_);

  bool empty() const EXCLUDES(mutex_);

  static constexpr std::uint32_t kReplicasMax = 64;

 private:
  bool Flushed(const Group& group) const REQUIRES(mutex_);
  bool Replicated(const Group& group) const REQUIRES(mutex_);
  bool Satisfied(const Group& group) const REQUIRES(mutex_) {
    return Flushed(group) && Replicated(group);
  }
  bool Expired(const Group& group, MonoTime now) const REQUIRES(mutex_);
  AppendOutcome OutcomeOf(const Group& group) const REQUIRES(mutex_);
  std::deque<Group>& QueueOf(const Group& group) REQUIRES(mutex_);
  static void SetOutcome(Group& group, AppendOutcome outcome);
  std::vector<Group> PopSatisfied() REQUIRES(mutex_);
  Group PopOutcome(std::deque<Group>* queue) REQUIRES(mutex_);
  void Deliver(std::vector<Group> groups) EXCLUDES(mutex_);

  AckSink& sink_;
  mutable Mutex mutex_;
  // Those that wait for copies, and those that wait for the sync alone: neither holds the other up.
  std::array<std::deque<Group>, 2> queues_ GUARDED_BY(mutex_);
  std::int64_t flushed_ GUARDED_BY(mutex_) = 0;
  std::vector<std::int64_t> replicated_ GUARDED_BY(mutex_);  // by replica
  int in_sync_ GUARDED_BY(mutex_) = 0;
  bool failed_ GUARDED_BY(mutex_) = false;
};

}  // namespace comet::store
