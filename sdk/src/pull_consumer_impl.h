#pragma once

#include <comet/pull_consumer.h>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "remoting/base/mutex.h"
#include "sdk/src/queue_calls.h"
#include "sdk/src/runtime.h"
#include "sdk/src/tag_expression.h"

namespace comet {

// One long poll per assigned queue is under way while poll() is called; what arrives waits here.
class PullConsumer::Impl : public std::enable_shared_from_this<PullConsumer::Impl> {
 public:
  Impl(std::shared_ptr<client::Runtime> runtime, PullConsumerOptions options);

  Result<std::vector<Queue>> Queues(const std::string& topic);
  Result<PullBatch> Pull(const Queue& queue, std::int64_t offset, int max, const Filter& filter,
                         Timeout timeout);

  Result<void> Assign(std::vector<Queue> queues, Filter filter) EXCLUDES(mutex_);
  std::vector<Queue> Assignment() const EXCLUDES(mutex_);
  Result<std::vector<MessageView>> Poll(Timeout timeout) EXCLUDES(mutex_);
  Result<void> Seek(const Queue& queue, Position position) EXCLUDES(mutex_);
  void SetPaused(const Queue& queue, bool paused) EXCLUDES(mutex_);

  Result<void> Commit() EXCLUDES(mutex_);
  Result<void> Commit(const Queue& queue, std::int64_t offset);
  client::QueueCalls& calls() { return calls_; }
  Result<void> Close() EXCLUDES(mutex_);

 private:
  struct Assigned {
    std::int64_t next = -1;        // where the next pull begins
    std::int64_t returned = -1;    // behind what poll() has returned; what commit() stores
    std::int64_t committed = -1;   // what the broker has, as far as we know
    std::uint64_t generation = 0;  // answers to pulls of an older one are dropped
    MonoTime not_before{};         // after a failure the next pull waits
    bool pulling = false;
    bool paused = false;
    std::deque<PullBatch> arrived;
  };
  using PullCallback = UniqueFunction<void(Result<PullBatch>)>;

  void PullAsync(const Queue& queue, std::int64_t offset, int max, const Filter& filter,
                 Duration suspend, PullCallback done);
  Result<std::int64_t> StartOf(const Queue& queue);
  void PullWhereIdle() EXCLUDES(mutex_);
  void OnBatch(const Queue& queue, std::uint64_t generation, Result<PullBatch> batch)
      EXCLUDES(mutex_);
  std::optional<std::vector<MessageView>> TakeArrived() REQUIRES(mutex_);

  const std::shared_ptr<client::Runtime> runtime_;
  const PullConsumerOptions options_;
  client::QueueCalls calls_;
  mutable Mutex mutex_;
  CondVar arrived_;
  Filter filter_ GUARDED_BY(mutex_);
  std::map<Queue, Assigned> assigned_ GUARDED_BY(mutex_);
  std::optional<Error> failure_ GUARDED_BY(mutex_);  // of a pull, for the next poll()
  MonoTime next_commit_ GUARDED_BY(mutex_){};
  Queue last_taken_ GUARDED_BY(mutex_);  // poll() goes round the queues
  bool closed_ GUARDED_BY(mutex_) = false;
  std::uint64_t generations_ GUARDED_BY(mutex_) = 0;
};

}  // namespace comet
