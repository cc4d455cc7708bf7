#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "store/ack.h"

namespace comet::store {

// Holds written groups until the watermarks they wait for have passed. Groups leave in log
// order, so a release pops a queue: no wait, no timer and no scan per message.
//
// Any thread. The sink is called without the lock held.
class CommitTracker {
 public:
  struct Group {
    std::int64_t end_offset = 0;  // of the log behind the group's last record
    AckPolicy policy;
    MonoTime deadline;
    std::vector<Ack> acks;
  };

  explicit CommitTracker(AckSink& sink) : sink_(sink) {}

  // In log order. A group that waits for nothing is answered before this returns.
  void Add(Group group) EXCLUDES(mutex_);
  void OnFlushed(std::int64_t offset) EXCLUDES(mutex_);
  void OnReplicated(std::uint32_t replica, std::int64_t offset) EXCLUDES(mutex_);
  // Answers groups whose deadline has passed with a time-out: the message may still survive.
  void Expire(MonoTime now) EXCLUDES(mutex_);
  // Answers every waiting group, and every later one that has to wait, with kFailed.
  void Fail() EXCLUDES(mutex_);

  bool empty() const EXCLUDES(mutex_);

 private:
  static constexpr std::uint32_t kReplicasMax = 64;

  bool Satisfied(const Group& group) const REQUIRES(mutex_);
  AppendOutcome Missing(const Group& group) const REQUIRES(mutex_);
  std::vector<Group> PopSatisfied() REQUIRES(mutex_);
  void Deliver(std::vector<Group> groups) EXCLUDES(mutex_);

  AckSink& sink_;
  mutable Mutex mutex_;
  std::deque<Group> groups_ GUARDED_BY(mutex_);
  std::int64_t flushed_ GUARDED_BY(mutex_) = 0;
  std::vector<std::int64_t> replicated_ GUARDED_BY(mutex_);  // by replica
  bool failed_ GUARDED_BY(mutex_) = false;
};

}  // namespace comet::store
