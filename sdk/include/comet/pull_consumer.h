#pragma once

#include <comet/filter.h>
#include <comet/message.h>
#include <comet/options.h>
#include <comet/position.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace comet {

enum class PullStatus {
  found,          // messages is not empty
  no_new,         // nothing behind this offset within the time given
  no_match,       // there were messages, the filter wants none; go on at next_offset
  offset_illegal  // the offset lies outside [min_offset, max_offset]; next_offset is the nearest
};

struct PullBatch {
  PullStatus status = PullStatus::no_new;
  std::vector<MessageView> messages;
  std::int64_t next_offset = 0;
  std::int64_t min_offset = 0;
  std::int64_t max_offset = 0;
};

// Reads queues at its own pace. Thread-safe, movable; the destructor closes.
//
// pull() reads one queue at an offset and keeps no state. assign() or subscribe(), and poll(), keep
// a position per queue, starting at the group's committed offset (or at options.start if there is
// none), and commit what poll() has returned every commit_interval, at commit() and at close().
//
// A message that cannot be read (its body is damaged, or unpacks to more than 64 MiB) is never
// skipped silently. pull() returns what is before it, and at its own offset an Error of
// Errc::broker_error that names the offset; pull one further to leave it out. poll() returns that
// Error once, and goes on behind the message with the next call.
class COMET_API PullConsumer {
 public:
  using Timeout = std::chrono::milliseconds;

  class Impl;  // internal
  explicit PullConsumer(std::shared_ptr<Impl> impl);
  PullConsumer(PullConsumer&&) noexcept;
  PullConsumer& operator=(PullConsumer&&) noexcept;
  PullConsumer(const PullConsumer&) = delete;
  PullConsumer& operator=(const PullConsumer&) = delete;
  ~PullConsumer();

  // Readable queues of a topic, from the route.
  Result<std::vector<Queue>> queues(const std::string& topic);

  Result<PullBatch> pull(const Queue& queue, std::int64_t offset, int max,
                         const Filter& filter = {}, Timeout timeout = {});

  // These queues, whatever other consumers of the group read.
  Result<void> assign(std::vector<Queue> queues, Filter filter = {});
  // This consumer's share of the topic's queues, which changes when others of the group come and
  // go; several topics one after the other. Not together with assign(). Waits for the first share,
  // no longer than the client's request_timeout. One subscribing consumer of a group per Client.
  Result<void> subscribe(const std::string& topic, Filter filter = {});
  std::vector<Queue> assignment() const;
  Result<std::vector<MessageView>> poll(Timeout timeout);
  Result<void> seek(const Queue& queue, Position position);
  void pause(const Queue& queue);
  void resume(const Queue& queue);

  Result<void> commit();  // what poll() has returned
  Result<void> commit(const Queue& queue, std::int64_t offset);
  Result<std::int64_t> committed(const Queue& queue);  // -1: never committed
  Result<std::int64_t> begin_offset(const Queue& queue);
  Result<std::int64_t> end_offset(const Queue& queue);
  Result<std::int64_t> offset_for_time(const Queue& queue,
                                       std::chrono::system_clock::time_point time);

  Result<void> close();  // commits first

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace comet
