#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/ticket.h"
#include "store/queue_slot.h"

namespace comet::broker {

// What the answer to a send needs besides what the store says.
struct PendingSend {
  static constexpr std::size_t kUniqueKeyBytes = 64;

  store::QueueSlot* queue = nullptr;
  std::int32_t queue_id = 0;  // told to the client; that of a delayed message is not the queue's
  std::int64_t bytes = 0;     // of the records
  MonoTime since{};           // when it was accepted; the clock's zero when it is answered
  std::vector<std::uint32_t> record_bytes;  // of a batch's records; empty for one message

  std::int64_t messages() const {
    return record_bytes.empty() ? 1 : static_cast<std::int64_t>(record_bytes.size());
  }
  void SetUniqueKey(std::string_view key);
  std::string_view unique_key() const { return {key_.data(), key_bytes_}; }

 private:
  std::array<char, kUniqueKeyBytes> key_{};
  std::uint8_t key_bytes_ = 0;  // a longer key is not told: clients make 32 or 56 characters
};

// The sends of one loop that wait for the store, by the slot of their ticket. Places are used
// again, so a send costs no allocation once the loop has seen as many at a time.
class PendingSends {
 public:
  PendingSend& At(const Ticket& ticket) {
    if (ticket.slot >= places_.size()) places_.resize(ticket.slot + 1);
    return places_[ticket.slot];
  }

  // Those that wait now, and since when the first does.
  struct Waiting {
    std::int64_t sends = 0;
    MonoTime since = MonoTime::max();
  };
  Waiting waiting() const {
    Waiting all;
    for (const auto& place : places_) {
      if (place.since == MonoTime{}) continue;
      ++all.sends;
      all.since = std::min(all.since, place.since);
    }
    return all;
  }

 private:
  std::vector<PendingSend> places_;
};

inline void PendingSend::SetUniqueKey(std::string_view key) {
  key_bytes_ = key.size() <= kUniqueKeyBytes ? static_cast<std::uint8_t>(key.size()) : 0;
  key.copy(key_.data(), key_bytes_);
}

}  // namespace comet::broker
