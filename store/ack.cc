#include "store/ack.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace comet::store {

std::string_view RefusalText(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone:
      return "the store takes messages";
    case Refusal::kBusy:
      return "too many bytes wait to be written";
    case Refusal::kDiskFull:
      return "the disk is full";
    case Refusal::kPoisoned:
      return "a write or sync of the log failed";
    case Refusal::kClosed:
      return "the store is closed";
  }
  return "unknown";
}

void DeliverAcks(AckSink& sink, std::vector<Ack> acks) {
  std::erase_if(acks, [](const Ack& ack) { return ack.ticket.loop == Ticket::kNobody; });
  if (acks.empty()) return;
  const auto same_loop = [&](const Ack& ack) {
    return ack.ticket.loop == acks[0].ticket.loop;
  };
  if (std::all_of(acks.begin(), acks.end(), same_loop)) {
    const std::uint32_t loop = acks[0].ticket.loop;
    sink.OnAcks(loop, std::move(acks));
    return;
  }
  // Stable: the answers of one loop stay in log order.
  std::stable_sort(acks.begin(), acks.end(),
                   [](const Ack& a, const Ack& b) { return a.ticket.loop < b.ticket.loop; });
  for (auto first = acks.begin(); first != acks.end();) {
    const std::uint32_t loop = first->ticket.loop;
    const auto last =
        std::find_if(first, acks.end(), [&](const Ack& ack) { return ack.ticket.loop != loop; });
    sink.OnAcks(loop, {first, last});
    first = last;
  }
}

}  // namespace comet::store
