#pragma once

#include <comet/allocation.h>
#include <comet/pull_consumer.h>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "remoting/base/mutex.h"
#include "remoting/net/call.h"
#include "remoting/wire/requests/pull_message.h"
#include "sdk/src/group_member.h"
#include "sdk/src/queue_calls.h"
#include "sdk/src/runtime.h"
#include "sdk/src/subscription.h"
#include "sdk/src/tag_expression.h"

namespace comet {

// One long poll per assigned queue is under way while poll() is called; what arrives waits here.
class PullConsumer::Impl : public client::GroupMember,
                           public std::enable_shared_from_this<PullConsumer::Impl> {
 public:
  Impl(std::shared_ptr<client::Runtime> runtime, PullConsumerOptions options);

  Result<std::vector<Queue>> Queues(const std::string& topic);
  Result<PullBatch> Pull(const Queue& queue, std::int64_t offset, int max, const Filter& filter,
                         Timeout timeout);

  Result<void> Assign(std::vector<Queue> queues, Filter filter) EXCLUDES(mutex_);
  Result<void> Subscribe(const std::string& topic, Filter filter) EXCLUDES(mutex_);
  std::vector<Queue> Assignment() const EXCLUDES(mutex_);
  Result<std::vector<MessageView>> Poll(Timeout timeout) EXCLUDES(mutex_);
  Result<void> Seek(const Queue& queue, Position position) EXCLUDES(mutex_);
  void SetPaused(const Queue& queue, bool paused) EXCLUDES(mutex_);

  Result<void> Commit() EXCLUDES(mutex_);
  Result<void> Commit(const Queue& queue, std::int64_t offset);
  client::QueueCalls& calls() { return calls_; }
  Result<void> Close() EXCLUDES(mutex_);
  bool forked() const { return runtime_->forked(); }

  wire::ConsumerData Describe() const override;
  void OnGroupChanged() override;

 private:
  enum class Mode { kNone, kAssign, kSubscribe };
  struct Assigned {
    std::int64_t next = -1;        // where the next pull begins
    std::int64_t returned = -1;    // behind what poll() has returned; what commit() stores
    std::int64_t committed = -1;   // what the broker has, as far as we know
    std::uint64_t generation = 0;  // answers to pulls of an older one are dropped
    MonoTime not_before{};         // after a failure the next pull waits
    bool pulling = false;
    bool paused = false;
    Filter filter;
    std::deque<PullBatch> arrived;
    std::optional<Error> unreadable;  // of the message before `next`; for poll()
  };
  // `behind` is where to go on if the error is a message that cannot be read.
  struct Answer {
    Result<PullBatch> batch;
    std::optional<std::int64_t> behind = std::nullopt;
  };
  using PullCallback = UniqueFunction<void(Answer)>;

  static Answer ReadAnswer(const Queue& queue, const std::string& address,
                           const std::string& expression,
                           const net::Answer<wire::PullMessage>& answer);

  void PullAsync(const Queue& queue, std::int64_t offset, int max, const Filter& filter,
                 Duration suspend, PullCallback done);
  Result<Assigned> MakeAssigned(const Queue& queue, Filter filter);
  bool closed() const EXCLUDES(mutex_);
  Result<void> Join() EXCLUDES(mutex_);
  void RebalanceEvery(Duration interval);
  void RequestRebalance() EXCLUDES(mutex_);
  void Rebalance() EXCLUDES(mutex_);  // on the worker
  Result<void> RebalanceTopic(const client::Subscription& subscription) EXCLUDES(mutex_);
  Result<void> Leave(const std::string& topic, const std::vector<Queue>& kept) EXCLUDES(mutex_);
  void PullWhereIdle() EXCLUDES(mutex_);
  void OnAnswer(const Queue& queue, std::uint64_t generation, Answer answer) EXCLUDES(mutex_);
  std::optional<Result<std::vector<MessageView>>> TakeArrived() REQUIRES(mutex_);

  const std::shared_ptr<client::Runtime> runtime_;
  const PullConsumerOptions options_;
  client::QueueCalls calls_;
  const std::shared_ptr<AllocationStrategy> strategy_;
  client::SubscriptionTable subscriptions_;
  mutable Mutex mutex_;
  CondVar arrived_;
  Mode mode_ GUARDED_BY(mutex_) = Mode::kNone;
  bool joined_ GUARDED_BY(mutex_) = false;
  bool rebalance_requested_ GUARDED_BY(mutex_) = false;
  std::uint64_t rounds_ GUARDED_BY(mutex_) = 0;  // of rebalancing, so far
  std::map<Queue, Assigned> assigned_ GUARDED_BY(mutex_);
  std::optional<Error> failure_ GUARDED_BY(mutex_);  // of a pull, for the next poll()
  MonoTime next_commit_ GUARDED_BY(mutex_){};
  Queue last_taken_ GUARDED_BY(mutex_);  // poll() goes round the queues
  bool closed_ GUARDED_BY(mutex_) = false;
  std::uint64_t generations_ GUARDED_BY(mutex_) = 0;
};

}  // namespace comet
