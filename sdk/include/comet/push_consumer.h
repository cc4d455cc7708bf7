#pragma once

#include <comet/allocation.h>
#include <comet/export.h>
#include <comet/filter.h>
#include <comet/message.h>
#include <comet/position.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace comet {

// What becomes of a message that a handler has seen.
enum class Action {
  ack,           // done: it does not come again
  retry_later,   // it comes again after a while; when it has failed max_reconsume times the broker
                 // puts it into the topic %DLQ%<group>
  suspend_queue  // ordered: the queue waits for suspend_time, then this message comes again;
                 // otherwise the same as retry_later
};

// Handlers run on threads of the consumer and may block. One that throws has answered retry_later.
using Handler = std::function<Action(const MessageView&)>;

// The first `acked` messages of a batch are done, the rest comes again.
struct BatchAction {
  std::size_t acked = 0;
  int delay_level = 0;  // of the rest; 0: the broker decides, longer with every time

  static BatchAction ack_all() { return {static_cast<std::size_t>(-1), 0}; }
  static BatchAction retry_all(int delay_level = 0) { return {0, delay_level}; }
};
using BatchHandler = std::function<BatchAction(std::span<const MessageView>)>;

// The duty to say what became of one message. Move-only; any thread, also after the handler has
// returned. Destroying it unused is retry_later.
class COMET_API Ack {
 public:
  class Duty;  // internal
  explicit Ack(std::shared_ptr<Duty> duty) : duty_(std::move(duty)) {}
  Ack(Ack&&) noexcept = default;
  Ack& operator=(Ack&& other) noexcept;
  Ack(const Ack&) = delete;
  Ack& operator=(const Ack&) = delete;
  ~Ack();

  void ack();
  void retry_later(int delay_level = 0);

 private:
  std::shared_ptr<Duty> duty_;
};
using AsyncHandler = std::function<void(MessageView, Ack)>;

enum class Model {
  clustering,   // every message goes to one consumer of the group
  broadcasting  // every consumer gets all; offsets are its own, and nothing comes again
};

// Where a queue is begun of which the group has never consumed anything.
struct StartFrom {
  enum class Kind { last, first, time };
  Kind kind = Kind::last;
  std::chrono::system_clock::time_point when;

  // What is sent from now on, and everything in queues that do not exist yet.
  static StartFrom last() { return {}; }
  static StartFrom first() { return {Kind::first, {}}; }
  static StartFrom time(std::chrono::system_clock::time_point when) { return {Kind::time, when}; }
};

struct PushConsumerOptions {
  std::string group;
  Model model = Model::clustering;
  StartFrom start;
  int concurrency = 20;  // handlers that run at once; threads are started when there is work
  int batch = 1;         // messages a BatchHandler gets at most
  int pull_batch = 32;   // messages asked for at once; brokers give 32 at most by default
  std::size_t pull_batch_bytes = std::size_t{256} << 10;
  // What may wait in memory, or be with handlers, before no more is pulled: of one queue, and of
  // all together.
  std::size_t cache_messages = 1000;
  std::size_t cache_bytes = std::size_t{100} << 20;
  std::size_t total_cache_bytes = std::size_t{512} << 20;
  int max_span = 2000;     // concurrent: offsets between the oldest message not done and the newest
  int max_reconsume = -1;  // deliveries after the first; -1: 16, ordered without end
  std::chrono::milliseconds suspend_time{1000};  // ordered: until a failed message comes again
  // Concurrent: a message that a handler keeps for longer is given back to the broker, to come
  // again; what the handler says afterwards does not count.
  std::chrono::milliseconds handler_timeout{std::chrono::minutes(15)};
  std::chrono::seconds drain{10};            // close() waits so long for handlers
  std::chrono::milliseconds suspend{15000};  // how long the broker may hold an empty pull
  std::chrono::milliseconds rebalance_interval{20000};
  std::chrono::milliseconds commit_interval{5000};
  std::shared_ptr<AllocationStrategy> allocation;  // none: averagely()
  // Broadcasting: <offset_folder>/<group>/offsets.json keeps the offsets, for one consumer. Empty:
  // they are forgotten at the end, and `start` counts every time.
  std::string offset_folder;

  PushConsumerOptions& set_group(std::string name) {
    group = std::move(name);
    return *this;
  }
};

// Counted since start().
struct ConsumerStats {
  std::uint64_t pulled = 0;  // messages received from brokers
  std::uint64_t acked = 0;
  std::uint64_t retried = 0;  // given back, to come again
  std::uint64_t failed_pulls = 0;
  std::size_t cached = 0;  // now in memory, those with handlers included
  std::size_t cached_bytes = 0;
  int threads = 0;  // now
};

// How one queue is doing.
struct QueueHealth {
  Queue queue;
  std::chrono::milliseconds since_pull{};    // the last request
  std::chrono::milliseconds since_answer{};  // the last answer
  std::size_t cached = 0;
  std::int64_t next_offset = 0;    // of the next pull
  std::int64_t commit_offset = 0;  // everything before is done
  bool paused = false;
  bool locked = false;  // ordered: the broker has granted it to this client
  std::string error;    // of the last pull, empty if it succeeded
};

struct HealthReport {
  bool healthy = false;  // started, and every queue was answered within two minutes
  std::vector<QueueHealth> queues;
  std::string error;  // why the queues could not be shared out, empty if they could
};

// Has messages of topics brought to handlers. Shares the queues with the other consumers of its
// group, in any language. At least once: a message is seen again after a crash, a timeout, or when
// its queue goes to another consumer before it was committed; none is skipped.
//
// Thread-safe, movable; the destructor closes. Handlers of one queue's messages run at once and in
// any order, ordered ones one after the other. Calls that wait must not be made inside callbacks
// of a producer; inside a handler all are allowed. In a child process after fork() every call
// answers Errc::closed.
class COMET_API PushConsumer {
 public:
  class Impl;  // internal
  explicit PushConsumer(std::shared_ptr<Impl> impl);
  PushConsumer(PushConsumer&&) noexcept;
  PushConsumer& operator=(PushConsumer&&) noexcept;
  PushConsumer(const PushConsumer&) = delete;
  PushConsumer& operator=(const PushConsumer&) = delete;
  ~PushConsumer();

  // Before or after start(); a second time for a topic replaces filter and handler. All consumers
  // of a group must subscribe to the same.
  Result<void> subscribe(const std::string& topic, Filter filter, Handler handler);
  Result<void> subscribe_batch(const std::string& topic, Filter filter, BatchHandler handler);
  Result<void> subscribe_async(const std::string& topic, Filter filter, AsyncHandler handler);
  // One message of a queue after the other, in its order; the broker locks the queue for this
  // client.
  Result<void> subscribe_ordered(const std::string& topic, Filter filter, Handler handler);
  Result<void> unsubscribe(const std::string& topic);

  // Joins the group and begins. Waits until the queues are shared out for the first time, but no
  // longer than the client's request_timeout: without servers it goes on trying, health() says so.
  Result<void> start();
  // No new pulls and no new messages to handlers; what they have they may finish. Queues stay.
  void pause();
  void resume();
  void pause(const std::string& topic);
  void resume(const std::string& topic);
  // Stops pulling, waits for handlers, commits, leaves the group. No callback afterwards.
  // Errc::timeout: a handler was still running after `timeout`; its message will come again, here
  // or elsewhere. Inside a callback it does not wait. The second one takes options.drain.
  Result<void> close(std::chrono::milliseconds timeout);
  Result<void> close();

  std::vector<Queue> assignment() const;
  // Called with the queues of this consumer after each change, on a thread of the library.
  void on_assignment(std::function<void(const std::vector<Queue>&)> callback);
  // Goes on there; what is in memory of the queue is dropped. not_owner: it is not assigned.
  Result<void> seek(const Queue& queue, Position position);
  Result<void> set_concurrency(int concurrency);
  ConsumerStats stats() const;
  HealthReport health() const;
  bool healthy() const;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace comet
