#pragma once

#include <comet/message.h>
#include <comet/position.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "remoting/base/unique_function.h"
#include "sdk/src/runtime.h"

namespace comet::client {

// What a consumer asks the broker of a queue besides messages. `group` is the application's name.
// Functions without a callback wait; not on a loop. Thread-safe.
class QueueCalls {
 public:
  QueueCalls(std::shared_ptr<Runtime> runtime, std::string group);

  Result<std::int64_t> Committed(const Queue& queue);  // -1: never committed
  Result<std::int64_t> BeginOffset(const Queue& queue);
  Result<std::int64_t> EndOffset(const Queue& queue);
  Result<std::int64_t> OffsetForTime(const Queue& queue,
                                     std::chrono::system_clock::time_point time);
  Result<std::int64_t> Resolve(const Queue& queue, const Position& position);
  Result<void> Commit(const Queue& queue, std::int64_t offset);

  using Done = UniqueFunction<void(Result<void>)>;  // exactly once; on a loop, or at once
  void CommitAsync(const Queue& queue, std::int64_t offset, Done done);

  const std::string& wire_group() const { return wire_group_; }

 private:
  // Asks the queue's master, or who stands in for it, and waits.
  template <wire::Request R>
  Result<net::OwnedAnswer<R>> Ask(const Queue& queue, typename R::Header header,
                                  std::string_view what);
  template <wire::Request R>
  Result<std::int64_t> AskOffset(const Queue& queue, typename R::Header header,
                                 std::string_view what);

  const std::shared_ptr<Runtime> runtime_;
  const std::string wire_group_;
};

}  // namespace comet::client
