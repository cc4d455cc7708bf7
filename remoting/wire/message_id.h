#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "remoting/base/clock.h"
#include "remoting/wire/record.h"

namespace comet::wire {

// The id a broker gives a stored message: store host and log offset in upper-case hex, 32
// characters with IPv4, 56 with IPv6.
struct MessageId {
  Host host;
  std::int64_t log_offset = 0;
};

inline constexpr std::size_t kMaxMessageIdChars = 56;

// Writes the id to `into`, which has room for kMaxMessageIdChars; returns what was written.
std::string_view FormatMessageId(const Host& host, std::int64_t log_offset, char* into);
std::string FormatMessageId(const Host& host, std::int64_t log_offset);

// Either case of letters; nothing if the text is not such an id.
std::optional<MessageId> ParseMessageId(std::string_view text);

// Makes the ids under which producers know their messages (UNIQ_KEY): in hex the client's
// address, two bytes of process id, four of `instance` (tells apart several in one process), four
// of milliseconds since the month of construction began (49 days fit), two of a counter. So the
// ids of one generator are unique up to 65,536 a millisecond. Any thread.
class UniqueIdGenerator {
 public:
  UniqueIdGenerator(const Clock& clock, const Host& client, std::uint32_t process_id,
                    std::uint32_t instance);
  std::string Next();
  void Append(WallMs now, std::string* to);  // the next one

 private:
  const Clock& clock_;
  const WallMs month_start_ms_;
  std::string prefix_;  // hex of what never changes
  std::atomic<std::uint32_t> counter_ = 0;
};

}  // namespace comet::wire
