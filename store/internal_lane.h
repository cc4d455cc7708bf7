#pragma once

#include <cstdint>
#include <vector>

#include "remoting/base/mutex.h"
#include "remoting/base/unique_function.h"
#include "remoting/wire/record_writer.h"
#include "store/ack.h"
#include "store/stager.h"

namespace comet::store {

using AppendCallback = UniqueFunction<void(const Ack&)>;

// The way into the log for messages that no client's request carries: delayed delivery, send-back,
// system topics. Answers come by callback instead of ticket; it is called once, from whatever
// thread releases the message, and must not block.
//
// Any thread. Also stands before the loops' ack sink, and keeps its own answers back from it.
class InternalLane : public AckSink {
 public:
  static constexpr std::uint32_t kLoop = 0xfffffffe;  // in tickets; no event loop has this number

  explicit InternalLane(AckSink& loops) : loops_(loops) {}
  void Connect(Appender& appender, std::unique_ptr<Stager> stager);  // before the first Append

  // After an error the callback is not called.
  Status Append(const wire::RecordSource& source, QueueSlot& queue, AckPolicy policy,
                AppendCallback done) EXCLUDES(mutex_);

  void OnAcks(std::uint32_t loop, std::vector<Ack> acks) override EXCLUDES(mutex_);

 private:
  struct Waiter {
    std::uint32_t generation = 0;
    AppendCallback done;
  };
  std::uint32_t Park(AppendCallback done) REQUIRES(mutex_);
  AppendCallback Unpark(const Ticket& ticket) REQUIRES(mutex_);

  AckSink& loops_;
  Appender* appender_ = nullptr;
  Mutex mutex_;
  std::unique_ptr<Stager> stager_ GUARDED_BY(mutex_);
  std::vector<Waiter> waiters_ GUARDED_BY(mutex_);
  std::vector<std::uint32_t> free_ GUARDED_BY(mutex_);
};

}  // namespace comet::store
