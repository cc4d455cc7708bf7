#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "remoting/base/clock.h"
#include "sdk/src/message_data.h"

namespace comet::client {

// What was pulled of one queue and is not done yet, in the order of offsets. Messages wait, are
// taken by a handler, and are finished in any order; everything before the first that is not
// finished may be committed. Not thread-safe: its owner locks.
class QueueWindow {
 public:
  enum class State : std::uint8_t {
    kWaiting,
    kWorking,  // with a handler, or on its way back to the broker
    kGivenUp,  // its handler took too long; on its way back to the broker
    kDone
  };

  // One answer of the broker.
  struct Pulled {
    struct Slot {
      State state = State::kWaiting;
      MonoTime since{};  // when it was taken
    };
    std::shared_ptr<const MessageBatch> batch;
    std::vector<Slot> slots;  // one for each message
    std::size_t taken = 0;    // those before have been taken once
    std::size_t low = 0;      // those before are done
  };

  // Neighbours in one answer.
  struct Chunk {
    std::shared_ptr<Pulled> pulled;
    std::size_t begin = 0, end = 0;

    bool empty() const { return begin == end; }
    std::size_t size() const { return end - begin; }
    Chunk one(std::size_t index) const { return {pulled, index, index + 1}; }
  };

  explicit QueueWindow(std::int64_t start) : next_(start) {}

  // The messages of an answer, perhaps none, behind which `next` is the offset to go on at.
  void Add(std::shared_ptr<const MessageBatch> batch, std::int64_t next);

  // Up to `max` waiting messages, the oldest first; empty if none waits. An unreadable one comes
  // alone.
  Chunk Take(std::size_t max, MonoTime now);
  // They wait again, before all others.
  void PutBack(const Chunk& chunk);
  // Makes of those that are in state `from` finished ones and returns how many that were.
  std::size_t Finish(const Chunk& chunk, State from = State::kWorking);
  // Gives up those that were taken before `before`.
  std::vector<Chunk> GiveUp(MonoTime before);

  std::int64_t next_offset() const { return next_; }  // of the next pull
  std::int64_t CommitOffset() const;                  // everything before is done
  bool HasWaiting() const;
  std::size_t count() const { return count_; }  // not done
  std::size_t bytes() const { return bytes_; }
  std::size_t working() const { return working_; }  // taken and not done
  std::int64_t span() const;                        // from the oldest not done to the newest

 private:
  static std::size_t BytesOf(const Pulled& pulled, std::size_t index);
  static std::size_t EndOf(const Pulled& pulled, std::size_t begin, std::size_t end);
  void DropFinished();

  std::int64_t next_;
  std::deque<std::shared_ptr<Pulled>> pulled_;
  std::size_t untaken_ = 0;  // index of the first answer with messages never taken
  std::deque<Chunk> put_back_;
  std::size_t count_ = 0, bytes_ = 0, working_ = 0;
};

}  // namespace comet::client
