#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "remoting/base/check.h"
#include "remoting/base/ticket.h"
#include "remoting/net/connection_id.h"
#include "remoting/wire/header.h"

namespace comet::net {

// A request that waits for its answer somewhere else than in a Responder.
struct ParkedRequest {
  ConnectionId connection;
  std::int32_t opaque = 0;
  wire::HeaderForm form = wire::HeaderForm::kJson;
};

// The tickets of one loop. A place gets a new generation when its request is taken, so a ticket
// works once. One thread; no allocation once it has grown.
class PendingTable {
 public:
  explicit PendingTable(std::uint32_t loop) : loop_(loop) {}

  Ticket Put(const ParkedRequest& request) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(places_.size()));
      places_.emplace_back();
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    Place& place = places_[slot];
    place.taken = true;
    place.request = request;
    return {loop_, slot, place.generation};
  }

  std::optional<ParkedRequest> Take(const Ticket& ticket) {
    COMET_CHECK_EQ(ticket.loop, loop_);
    if (ticket.slot >= places_.size()) return std::nullopt;
    Place& place = places_[ticket.slot];
    if (!place.taken || place.generation != ticket.generation) return std::nullopt;
    place.taken = false;
    ++place.generation;
    free_.push_back(ticket.slot);
    return place.request;
  }

  std::size_t size() const { return places_.size() - free_.size(); }

 private:
  struct Place {
    std::uint32_t generation = 0;
    bool taken = false;
    ParkedRequest request;
  };

  const std::uint32_t loop_;
  std::vector<Place> places_;
  std::vector<std::uint32_t> free_;
};

}  // namespace comet::net
