#include "console/bench/sender.h"

#include <utility>

#include "remoting/base/text.h"

namespace comet::bench {

Sender::Sender(const Options& options) : options_(options) {
  for (int topic = 0; topic < options.topics; ++topic) {
    for (int queue = 0; queue < options.queues; ++queue) {
      templates_.push_back(FrameTemplate::Send(options, TopicName(options, topic), queue));
    }
  }
  const auto slots = static_cast<std::size_t>(options.in_flight);
  intended_.resize(slots);
  taken_.resize(slots);
  for (std::size_t slot = slots; slot > 0; --slot) {
    free_.push_back(static_cast<std::uint32_t>(slot - 1));
  }
}

StatusOr<Sender> Sender::Connect(const Options& options) {
  Sender sender(options);
  for (int i = 0; i < options.connections; ++i) {
    COMET_ASSIGN(Peer peer, Peer::Connect(options.broker));
    sender.peers_.push_back(std::move(peer));
  }
  return sender;
}

MonoTime Sender::Fill(MonoTime start, MonoTime now) {
  const MonoTime later = now + std::chrono::seconds(1);
  while (!stopped_ && !free_.empty()) {
    MonoTime due = now;
    if (options_.rate > 0) {
      const double seconds = static_cast<double>(sent_) / options_.rate;
      due = start + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
      if (due > now) return due;
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    taken_[slot] = true;
    intended_[slot] = due;
    templates_[next_template_].Append(slot, static_cast<std::uint64_t>(sent_),
                                      due.time_since_epoch().count(), &peers_[next_peer_].output());
    next_template_ = next_template_ + 1 == templates_.size() ? 0 : next_template_ + 1;
    next_peer_ = next_peer_ + 1 == peers_.size() ? 0 : next_peer_ + 1;
    sent_ += options_.batch;
    ++busy_;
  }
  return later;
}

Status Sender::Flush() {
  for (Peer& peer : peers_) {
    if (peer.has_output()) COMET_TRY(peer.Flush());
  }
  return {};
}

StatusOr<Sender::Answered> Sender::OnReply(std::int32_t opaque, MonoTime now) {
  const std::uint32_t slot = SlotOf(opaque);
  if (slot >= taken_.size() || !taken_[slot]) {
    return Status(Status::Code::kCorruption,
                  Concat("the broker answered request ", opaque, ", which nobody waits for"));
  }
  taken_[slot] = false;
  free_.push_back(slot);
  --busy_;
  return Answered{options_.batch, now - intended_[slot]};
}

}  // namespace comet::bench
