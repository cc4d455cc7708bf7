#pragma once

#include <comet/client.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger.h"
#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"

namespace comet {

// A push consumer that notes what it was given.
class ClusterReader {
 public:
  static constexpr const char* kGroup = "readers";

  // Begins; fails the test if it cannot.
  ClusterReader(Client& client, const std::string& topic);

  // Messages wait for it meanwhile; it may be given a few that it has asked for.
  void Pause() { consumer_->pause(); }
  void Resume() { consumer_->resume(); }

  // Until it has been given all of them at their places. What is missing then.
  std::vector<Ledger::Told> Await(const std::vector<Ledger::Told>& wanted, Duration within)
      EXCLUDES(mutex_);
  // The least offset behind everything that was given of a queue.
  std::int64_t NextOf(const Queue& queue) EXCLUDES(mutex_);
  // What was there from this offset on is lost; its places may be given to other messages.
  void Forget(const Queue& queue, std::int64_t from) EXCLUDES(mutex_);
  std::size_t again() EXCLUDES(mutex_);  // how often something came once more

 private:
  void Take(const MessageView& message) EXCLUDES(mutex_);
  bool HasBeenGiven(const Ledger::Told& told) const REQUIRES(mutex_);

  Mutex mutex_;
  CondVar changed_;
  std::map<Queue, std::map<std::int64_t, MessageName>> given_ GUARDED_BY(mutex_);  // by offset
  std::size_t again_ GUARDED_BY(mutex_) = 0;
  std::optional<PushConsumer> consumer_;
};

}  // namespace comet
