#include "console/bench/puller.h"

#include <algorithm>
#include <utility>

#include "console/bench/frames.h"
#include "remoting/base/text.h"
#include "remoting/wire/codec.h"
#include "remoting/wire/record_reader.h"
#include "remoting/wire/requests/get_max_offset.h"
#include "remoting/wire/requests/pull_message.h"
#include "remoting/wire/response_code.h"

namespace comet::bench {
namespace {

constexpr auto kBusyWait = std::chrono::seconds(1);

// Number of records in a pull's body, by their sizes alone.
StatusOr<std::int64_t> CountRecords(Slice body) {
  std::int64_t count = 0;
  while (!body.empty()) {
    const std::size_t size = body.size() < 4 ? 0 : GetBigEndian<std::uint32_t>(body.data());
    if (size == 0 || size > body.size()) {
      return Status(Status::Code::kCorruption, "a pull was answered with a torn record");
    }
    body.remove_prefix(size);
    ++count;
  }
  return count;
}

}  // namespace

Puller::Puller(const Options& options) : options_(options) {
  for (int topic = 0; topic < options.topics; ++topic) {
    for (int queue = 0; queue < options.queues; ++queue) {
      const std::size_t peer = queues_.size() % static_cast<std::size_t>(options.connections);
      queues_.push_back({.topic = TopicName(options, topic), .id = queue, .peer = peer});
    }
  }
}

StatusOr<Puller> Puller::Connect(const Options& options) {
  Puller puller(options);
  for (int i = 0; i < options.connections; ++i) {
    COMET_ASSIGN(Peer peer, Peer::Connect(options.broker));
    puller.peers_.push_back(std::move(peer));
  }
  return puller;
}

Status Puller::Start() {
  for (std::uint32_t slot = 0; slot < queues_.size(); ++slot) {
    QueueState& queue = queues_[slot];
    if (options_.mode == Mode::kPull) {
      queue.end_known = true;
      ready_.push_back(slot);
    } else {
      ++ends_wanted_;
      AppendGetMaxOffset(options_, queue.topic, queue.id, slot, &peers_[queue.peer].output());
    }
  }
  return Flush();
}

MonoTime Puller::Due(MonoTime start, MonoTime now) const {
  if (options_.mode != Mode::kPull || options_.rate == 0) return now;
  const std::chrono::duration<double> time(static_cast<double>(received_) / options_.rate);
  return start + std::chrono::duration_cast<Duration>(time);
}

MonoTime Puller::Fill(MonoTime start, MonoTime now) {
  TakeBack(now);
  const MonoTime due = Due(start, now);
  if (due > now) return due;
  // Answers under way move the time of the next pull; so a burst is one pull of each queue at most.
  while (!stopped_ && !ready_.empty()) {
    Pull(ready_.front());
    ready_.pop_front();
  }
  const MonoTime later = now + std::chrono::seconds(1);
  return busy_.empty() ? later : std::min(later, busy_.front().first);
}

// The queues that have waited long enough.
void Puller::TakeBack(MonoTime now) {
  for (; !busy_.empty() && busy_.front().first <= now; busy_.pop_front()) {
    ready_.push_back(busy_.front().second);
  }
}

void Puller::Pull(std::uint32_t slot) {
  const QueueState& queue = queues_[slot];
  AppendPull(options_, queue.topic, queue.id, queue.offset, slot, &peers_[queue.peer].output());
}

Status Puller::Flush() {
  for (Peer& peer : peers_) {
    if (peer.has_output()) COMET_TRY(peer.Flush());
  }
  return {};
}

Status Puller::OnReply(const wire::Frame& frame, MonoTime now, Flow* flow) {
  const std::uint32_t slot = SlotOf(frame.head.opaque);
  if (slot >= queues_.size()) {
    return Status(Status::Code::kCorruption, "the broker answered a pull nobody sent");
  }
  QueueState& queue = queues_[slot];
  if (!queue.end_known) {
    wire::GetMaxOffset::Reply end;
    COMET_TRY(wire::DecodeFields(frame.head.ext, &end));
    queue.offset = end.offset;
    queue.end_known = true;
    --ends_wanted_;
  } else if (frame.head.code == wire::ResponseCode::kSuccess) {
    wire::PullMessage::Reply reply;
    COMET_TRY(wire::DecodeFields(frame.head.ext, &reply));
    queue.offset = reply.next_offset;
    COMET_TRY(OnMessages(frame.body, now, flow));
  } else if (frame.head.code == wire::ResponseCode::kSystemBusy) {
    ++flow->busy;
    busy_.emplace_back(now + kBusyWait, slot);
    return {};
  } else if (options_.mode == Mode::kPull) {
    if (queue.offset == 0) {
      return Status(Status::Code::kNotFound, Concat("queue ", queue.id, " of ", queue.topic,
                                                    " has no message to pull (code ",
                                                    frame.head.code, "); send some first"));
    }
    queue.offset = 0;
  }
  ready_.push_back(slot);
  return {};
}

Status Puller::OnMessages(Slice body, MonoTime now, Flow* flow) {
  if (options_.mode == Mode::kPull) {
    COMET_ASSIGN(const std::int64_t count, CountRecords(body));
    received_ += count;
    flow->messages += count;
    return {};
  }
  while (!body.empty()) {
    const auto read = wire::ReadRecord(body);
    if (read.state != wire::RecordState::kRecord) {
      return Status(Status::Code::kCorruption, Concat("a pulled record: ", read.reason));
    }
    const Slice payload = read.record.body;
    if (payload.size() >= 8) {
      flow->latency_ns.Add(now.time_since_epoch().count() - GetI64(payload.data()));
    }
    ++flow->messages;
    body.remove_prefix(read.record.bytes);
  }
  return {};
}

}  // namespace comet::bench
