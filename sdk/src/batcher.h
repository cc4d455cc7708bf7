#pragma once

#include <comet/producer.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "remoting/base/mutex.h"
#include "sdk/src/runtime.h"
#include "sdk/src/sender.h"

namespace comet::client {

// Gathers single messages into batches (AutoBatch): one for each topic, or for each queue where the
// message may go to that queue only. What goes to one queue keeps its
// order as long as nothing has to be tried again. Thread-safe.
class Batcher : public std::enable_shared_from_this<Batcher> {
 public:
  Batcher(std::shared_ptr<Runtime> runtime, std::shared_ptr<Sender> sender,
          const ProducerOptions& options);

  // Whether such a message may be gathered. With an ordering key the target becomes the key's
  // queue; without a route to say which that is, the answer is no.
  bool Wants(const Message& message, SendTarget* target, MonoTime now) const;
  // `entered_bytes` are counted by PendingSends already.
  void Add(Message message, const SendTarget& target, SendCallback done, std::size_t entered_bytes,
           MonoTime now, MonoTime deadline) EXCLUDES(mutex_);
  // Starts a complete operation behind what has been gathered for the same queue.
  void StartBehind(SendOp& op) EXCLUDES(mutex_);
  // Starts all that lingers.
  void Flush() EXCLUDES(mutex_);

 private:
  // What may be in one batch.
  struct Key {
    std::string_view topic, broker;  // borrowed from the operation
    int queue_id;
    bool wait_stored;
    auto operator<=>(const Key&) const = default;
  };
  using Gathering = std::map<Key, SendOp*>;

  static Key KeyOf(std::string_view topic, const SendTarget& target, bool wait_stored);
  SendOp& Open(const Message& message, const SendTarget& target, MonoTime now) REQUIRES(mutex_);
  void Append(SendOp& op, const Message& message) REQUIRES(mutex_);
  void MakeReady(Gathering::iterator gathered) REQUIRES(mutex_);
  // Starts what is ready, in order, and never under the lock: callbacks may come back here.
  void StartReady() EXCLUDES(mutex_);
  void WatchLingering();
  void OnTimer() EXCLUDES(mutex_);

  const std::shared_ptr<Runtime> runtime_;
  const std::shared_ptr<Sender> sender_;
  const AutoBatch limits_;
  const Compression compression_;
  const std::size_t bytes_max_;
  Mutex mutex_;
  Gathering gathering_ GUARDED_BY(mutex_);
  std::deque<SendOp*> ready_ GUARDED_BY(mutex_);
  bool starting_ GUARDED_BY(mutex_) = false;  // somebody is at ready_
  bool watching_ GUARDED_BY(mutex_) = false;  // a timer is set
  std::string properties_ GUARDED_BY(mutex_);
};

}  // namespace comet::client
