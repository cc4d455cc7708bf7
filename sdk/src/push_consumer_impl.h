#pragma once

#include <comet/push_consumer.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "remoting/base/mutex.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/wire/requests/pull_message.h"
#include "sdk/src/consume_metrics.h"
#include "sdk/src/group_member.h"
#include "sdk/src/handler_threads.h"
#include "sdk/src/offset_file.h"
#include "sdk/src/process_queue.h"
#include "sdk/src/queue_calls.h"
#include "sdk/src/share_out.h"
#include "sdk/src/subscription.h"

namespace comet {

// The parts of a push consumer and how they hang together:
//   rebalance (the runtime's worker) -> queues -> pulls (loops) -> windows -> handlers (threads)
//   -> send back (loops), and every queue's commit offset goes to the broker (a timer).
// Its mutex is held for moments only: never while the network or the application is called.
// The duty of one message of an async handler; told once, or at the end.
class Ack::Duty {
 public:
  using Told = std::function<void(bool done, int delay_level)>;
  explicit Duty(Told told) : tell_(std::move(told)) {}
  ~Duty() { Tell(false, 0); }
  Duty(const Duty&) = delete;
  Duty& operator=(const Duty&) = delete;

  void Tell(bool done, int delay_level);

 private:
  Told tell_;
  std::atomic<bool> told_ = false;
};

class PushConsumer::Impl : public client::GroupMember,
                           public std::enable_shared_from_this<PushConsumer::Impl> {
 public:
  Impl(std::shared_ptr<client::Runtime> runtime, PushConsumerOptions options);

  Result<void> Subscribe(client::Subscription subscription);
  Result<void> Unsubscribe(const std::string& topic);
  Result<void> Start() EXCLUDES(mutex_);
  Result<void> Close(std::chrono::milliseconds timeout) EXCLUDES(mutex_);
  void SetPaused(const std::optional<std::string>& topic, bool paused) EXCLUDES(mutex_);

  std::vector<Queue> Assignment() const EXCLUDES(mutex_);
  void OnAssignment(std::function<void(const std::vector<Queue>&)> callback) EXCLUDES(mutex_);
  Result<void> Seek(const Queue& queue, Position position);
  Result<void> SetConcurrency(int concurrency);
  ConsumerStats Stats() const;
  HealthReport Health() const EXCLUDES(mutex_);
  const PushConsumerOptions& options() const { return options_; }
  bool forked() const { return runtime_->forked(); }

  // Marks this thread as one that runs code of the application.
  class CallbackScope {
   public:
    CallbackScope() { ++depth_; }
    ~CallbackScope() { --depth_; }
    CallbackScope(const CallbackScope&) = delete;
    CallbackScope& operator=(const CallbackScope&) = delete;
    static bool inside() { return depth_ > 0; }

   private:
    static thread_local int depth_;
  };

  wire::ConsumerData Describe() const override;
  void OnGroupChanged() override;
  void OnReset(const std::string& topic, const Offsets& offsets) override;
  Offsets OffsetsOf(const std::string& topic) override;
  std::string RunningInfo() override;
  void ConsumeDirectly(std::string record, const std::string& broker,
                       std::function<void(client::DirectOutcome)> done) override;

 private:
  enum class State { kNew, kStarted, kClosing, kClosed };
  using Chunk = client::QueueWindow::Chunk;

  std::vector<client::ProcessQueuePtr> Queues() const EXCLUDES(mutex_);
  client::ProcessQueuePtr FindQueue(const Queue& queue) const EXCLUDES(mutex_);
  bool running() const { return state_.load() == State::kStarted; }
  Result<void> RefuseIfClosed() const;
  void JoinGroup();  // on the worker
  void BeatAndRebalance();
  // Calls fn every `interval` on a loop, as long as the consumer runs.
  void Repeat(Duration interval, void (Impl::*fn)());
  void Log(Severity severity, std::string_view text) const;

  // --- push_rebalance.cc
  void RequestRebalance();
  void Rebalance() EXCLUDES(mutex_);  // on the worker
  Result<void> RebalanceTopic(const client::SubscriptionPtr& subscription) EXCLUDES(mutex_);
  // What was there when a topic was looked at first.
  struct FirstLook {
    WallMs at_ms = 0;
    std::optional<std::set<Queue>> queues;  // of the first route; empty: no such topic then
  };
  FirstLook RememberFirstLook(const std::string& topic, const Result<client::Share>& share)
      EXCLUDES(mutex_);
  Result<void> AdoptQueue(const client::SubscriptionPtr& subscription, const Queue& queue,
                          const FirstLook& first, MonoTime locked_until) EXCLUDES(mutex_);
  Result<bool> AdoptQueues(const client::SubscriptionPtr& subscription,
                           const std::vector<Queue>& queues, const FirstLook& first);
  void DropQueue(const client::ProcessQueuePtr& queue) EXCLUDES(mutex_);
  Result<std::int64_t> StartOffset(const Queue& queue, const FirstLook& first);
  Result<std::int64_t> StartAtLast(const Queue& queue, const FirstLook& first);
  // Another process queue in place of this one, beginning there.
  bool Replace(const client::ProcessQueuePtr& queue, const client::SubscriptionPtr& subscription,
               std::int64_t offset) EXCLUDES(mutex_);
  client::ProcessQueuePtr MakeQueue(const client::SubscriptionPtr& subscription, const Queue& queue,
                                    std::int64_t start) EXCLUDES(mutex_);
  bool IsPaused(const std::string& topic) const REQUIRES(mutex_);
  void TellAssignment() EXCLUDES(mutex_);

  // --- push_pull.cc
  void Pull(const client::ProcessQueuePtr& queue);
  void SendPull(const client::ProcessQueuePtr& queue, const client::ProcessQueue::Pull& pull,
                const client::Route& route);
  void OnPulled(const client::ProcessQueuePtr& queue, const std::string& address,
                StatusOr<net::Answer<wire::PullMessage>> answer);
  void OnOffsetMoved(const client::ProcessQueuePtr& queue,
                     const client::ProcessQueue::Answer& answer);
  void OnFound(const client::ProcessQueuePtr& queue, const std::string& address,
               const net::Answer<wire::PullMessage>& answer);
  void OnPullFailed(const client::ProcessQueuePtr& queue, const Error& error, Duration pause);
  void PullLater(const client::ProcessQueuePtr& queue, Duration pause);

  // --- push_handle.cc
  void SubmitWork(const client::ProcessQueuePtr& queue);
  void Work(const client::ProcessQueuePtr& queue);
  void WorkOrdered(const client::ProcessQueuePtr& queue, const client::Subscription& subscription);
  void PutBack(const client::ProcessQueuePtr& queue, const Chunk& chunk) EXCLUDES(mutex_);
  // True if the chunk is a message that cannot be read; it is on its way to the dead letters then.
  bool RejectUnreadable(const client::ProcessQueuePtr& queue, const Chunk& chunk);
  // How many of the chunk a handler has seen: fewer than all when it is slow, or the consumer is
  // being closed.
  std::size_t Handle(const client::ProcessQueuePtr& queue, const client::Subscription& subscription,
                     const Chunk& chunk);
  std::size_t HandleOneByOne(const client::ProcessQueuePtr& queue, const Handler& handler,
                             const Chunk& chunk);
  std::size_t HandleBatch(const client::ProcessQueuePtr& queue, const BatchHandler& handler,
                          const Chunk& chunk);
  std::size_t HandleAsync(const client::ProcessQueuePtr& queue, const AsyncHandler& handler,
                          const Chunk& chunk);
  std::shared_ptr<Ack::Duty> MakeDuty(const client::ProcessQueuePtr& queue, const Chunk& one,
                                      const MessageView& message);
  std::size_t HandleReturned(const client::ProcessQueuePtr& queue, const Chunk& chunk);
  void LogThrown(const MessageView& message, std::string_view thrown) const;
  void Finish(const client::ProcessQueuePtr& queue, const Chunk& chunk,
              client::QueueWindow::State from = client::QueueWindow::State::kWorking);
  Action CallHandler(const Handler& handler, const MessageView& message);
  // Around a call of the application's code.
  void Before(std::span<const MessageView> messages) const;
  void After(std::span<const MessageView> messages, bool consumed, MonoTime start) const;
  std::size_t ChunkSize() const;
  void Measure(Duration took, std::size_t messages);
  // Gives the messages back to the broker, each by itself, or waits and tries again.
  void SendBack(const client::ProcessQueuePtr& queue, const Chunk& chunk, int delay_level,
                client::QueueWindow::State from = client::QueueWindow::State::kWorking);
  void OnSentBack(const client::ProcessQueuePtr& queue, const Chunk& message, int delay_level,
                  client::QueueWindow::State from, const Result<void>& outcome);

  void GiveUpOverdue();

  // --- push_ordered.cc
  std::size_t HandleOrdered(const client::ProcessQueuePtr& queue, const Handler& handler,
                            const Chunk& chunk);
  void SuspendOrdered(const client::ProcessQueuePtr& queue);
  bool GiveUpOrdered(const MessageView& message);
  void EndOrdered(const client::ProcessQueuePtr& queue);
  // Waits; what is granted. `outcome` becomes an error if a broker could not be asked.
  std::set<Queue> Lock(const std::vector<Queue>& queues, Result<void>* outcome);
  void RenewLocks();
  void OnLocked(const std::vector<Queue>& queues, MonoTime until,
                const Result<std::set<Queue>>& granted);

  // --- push_requests.cc
  wire::MessageQueue WireQueue(const Queue& queue) const;
  void HandleDirectly(const client::Subscription& subscription, const MessageView& message,
                      std::function<void(client::DirectOutcome)> done);

  // --- push_close.cc
  void MeasureQueues() const;
  void SaveOffsets();
  void CommitChanged();
  void CommitQueue(const client::ProcessQueuePtr& queue, std::int64_t offset,
                   std::function<void()> done = nullptr);
  Result<void> FinishClose(MonoTime deadline) EXCLUDES(mutex_);
  bool AwaitOutcomes(MonoTime deadline) EXCLUDES(mutex_);

  const std::shared_ptr<client::Runtime> runtime_;
  const PushConsumerOptions options_;
  const std::string retry_topic_;
  const std::shared_ptr<AllocationStrategy> strategy_;
  const std::shared_ptr<client::HandlerThreads> threads_;
  client::SubscriptionTable subscriptions_;
  client::QueueCalls calls_;
  PosixFileSystem files_;
  client::OffsetFile offset_file_;  // broadcasting
  const client::ConsumeMetrics metrics_;
  std::atomic<State> state_ = State::kNew;
  std::atomic<std::int64_t> start_ms_ = 0;

  std::atomic<std::size_t> cached_bytes_ = 0;
  std::atomic<std::int64_t> handler_ns_ = 0;  // usual time of one message with its handler
  std::atomic<std::uint64_t> pulled_ = 0, acked_ = 0, retried_ = 0, failed_pulls_ = 0;
  std::atomic<bool> rebalance_requested_ = false;

  mutable Mutex mutex_;
  CondVar changed_;  // a message is done while closing; the first rebalance is over; closed
  std::map<Queue, client::ProcessQueuePtr> queues_ GUARDED_BY(mutex_);
  std::map<std::string, FirstLook> first_looks_ GUARDED_BY(mutex_);  // by topic
  std::map<Queue, std::shared_ptr<client::ProcessQueue::Turn>> turns_ GUARDED_BY(mutex_);
  std::set<std::string> paused_topics_ GUARDED_BY(mutex_);
  bool paused_ GUARDED_BY(mutex_) = false;
  bool balanced_ GUARDED_BY(mutex_) = false;  // the first rebalance is over
  int failed_rounds_ GUARDED_BY(mutex_) = 0;
  std::string rebalance_error_ GUARDED_BY(mutex_);
  std::function<void(const std::vector<Queue>&)> on_assignment_ GUARDED_BY(mutex_);
  bool telling_ GUARDED_BY(mutex_) = false, tell_again_ GUARDED_BY(mutex_) = false;
};

}  // namespace comet
