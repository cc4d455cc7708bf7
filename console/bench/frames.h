#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "console/bench/options.h"

namespace comet::bench {

// A request frame encoded once, of which only what differs from message to message is patched:
// the opaque, the unique key and the time in the body. So the client's own cost stays far below
// the broker's.
class FrameTemplate {
 public:
  // One send, or a batch of them, to a queue.
  static FrameTemplate Send(const Options& options, const std::string& topic, int queue_id);

  // Appends the frame for request `slot` (below 2^30), whose messages get the unique numbers
  // from `number` on. `stamp_ns` goes into the first eight bytes of every body, if they have room.
  void Append(std::uint32_t slot, std::uint64_t number, std::int64_t stamp_ns, std::string* out);

 private:
  std::string frame_;
  std::size_t opaque_at_ = 0;
  bool binary_ = false;
  std::vector<std::size_t> keys_at_;    // where the last digits of each unique key are
  std::vector<std::size_t> stamps_at_;  // where the body of each message begins
};

// Digits of an opaque in a JSON header never change their number: slots count from here.
inline constexpr std::int32_t kOpaqueBase = 1'000'000'000;

inline std::int32_t OpaqueOf(std::uint32_t slot) {
  return kOpaqueBase + static_cast<std::int32_t>(slot);
}
inline std::uint32_t SlotOf(std::int32_t opaque) {
  return static_cast<std::uint32_t>(opaque - kOpaqueBase);
}

// A pull of at most options.batch messages, held back by the broker while there are none.
void AppendPull(const Options& options, std::string_view topic, int queue_id, std::int64_t offset,
                std::uint32_t slot, std::string* out);

// Asks for the end of a queue.
void AppendGetMaxOffset(const Options& options, std::string_view topic, int queue_id,
                        std::uint32_t slot, std::string* out);

// Creates a topic with options.queues queues.
void AppendCreateTopic(const Options& options, std::string_view topic, std::string* out);

// Name of topic number `index`.
std::string TopicName(const Options& options, int index);

}  // namespace comet::bench
