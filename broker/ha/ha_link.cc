#include "broker/ha/ha_link.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

#include "remoting/base/log.h"
#include "remoting/base/text.h"

namespace comet::broker {
namespace {

using std::chrono::milliseconds;

constexpr Duration kHold = std::chrono::seconds(5);          // before it is read again
constexpr std::size_t kOutputMax = 1 << 20;                  // waits here for the kernel
constexpr std::int64_t kOwnBatchBytes = 1 << 20;             // of a frame for a peer of ours
constexpr std::size_t kBytesPerTurn = std::size_t{8} << 20;  // then other replicas have theirs

}  // namespace

HaLink::HaLink(const Parts& parts, net::Socket socket, net::Endpoint peer)
    : parts_(parts),
      stream_(parts.loop, std::move(socket), std::move(peer), parts.chunks, *this),
      last_report_(parts.loop.clock().Now()) {
  feed_.emplace(parts_.store.log(), store::FeedOptions{parts_.config.Get()->ha_batch_bytes});
}

void HaLink::Identify(std::int64_t broker_id) {
  broker_id_ = broker_id;
  const auto bytes = std::max(parts_.config.Get()->ha_batch_bytes, kOwnBatchBytes);
  feed_.emplace(parts_.store.log(), store::FeedOptions{bytes});
}

std::string HaLink::Name() const {
  if (broker_id_ < 0) return Concat("replica ", peer().text);
  return Concat("replica ", peer().text, " (brokerId ", broker_id_, ")");
}

// --- reports -----------------------------------------------------------------------------------

std::span<char> HaLink::ReadInto() {
  return std::span(reports_).subspan(unread_);
}

void HaLink::OnBytes(std::size_t count) {
  unread_ += count;
  Slice bytes(reports_.data(), unread_);
  const auto report = wire::TakeHaReports(&bytes);
  std::memmove(reports_.data(), bytes.data(), bytes.size());
  unread_ = bytes.size();
  if (report) OnReport(*report);
}

void HaLink::OnReport(std::int64_t offset) {
  last_report_ = parts_.loop.clock().Now();
  const bool first = !feed_->started();
  if (const auto status = feed_->OnReport(offset); !status.ok()) return Refuse(status);
  if (first) {
    replica_ = parts_.store.replicas().Attach(peer().text);
    parts_.refusals.Forget(peer().text, broker_id_);
    LOG_INFO << Name() << " copies the log from " << feed_->position() << " on; it ends at "
             << parts_.store.log().end();
  }
  parts_.store.replicas().OnAck(*replica_, feed_->acked());
  if (first) Pump();
}

// --- sending -----------------------------------------------------------------------------------

void HaLink::Pump() {
  if (!feed_->started() || closed()) return;
  std::size_t turn = 0;
  bool more = true;
  while (more) {
    more = FillOutput();
    if (closed()) return;
    turn += stream_.output().bytes();
    parts_.store.replicas().OnSent(*replica_, feed_->position());
    if (!stream_.Write()) return;  // OnWritten comes, or it is closed
    if (more && turn >= kBytesPerTurn) return PumpAfter({});
  }
}

bool HaLink::FillOutput() {
  while (stream_.output().bytes() < kOutputMax) {
    const auto frame = NextFrame();
    if (!frame) return false;
    Append(*frame);
  }
  return true;
}

// As loops do for parked pulls: ask for news, then look again.
std::optional<store::FeedFrame> HaLink::NextFrame() {
  const auto config = parts_.config.Get();
  const auto limit = config->ha_flow_control ? config->ha_bytes_per_second : 0;
  const auto now = parts_.loop.clock().Now();
  if (window_.Left(now, limit) <= 0) {
    PumpAfter(window_.UntilNext(now));
    return std::nullopt;
  }
  auto next = feed_->Next();
  if (next.ok() && !*next) {
    parts_.want_news();
    next = feed_->Next();
  }
  if (next.ok()) return next.Take();
  if (next.error().code() == Status::Code::kIo) {
    HoldBefore(next.error());
  } else {
    Refuse(next.error());
  }
  return std::nullopt;
}

// What the device does not give ends the copy here, and not the connection: what is on its way to
// the replica would be lost with it, and the replica would come again at once.
void HaLink::HoldBefore(const Status& why) {
  const bool news = parts_.refusals.Note(
      {peer().text, broker_id_, parts_.loop.clock().WallNow(), std::string(why.message())});
  if (news) LOG_ERROR << Name() << " waits: " << why.message();
  PumpAfter(kHold);
}

void HaLink::Append(const store::FeedFrame& frame) {
  auto& output = stream_.output();
  std::array<char, wire::kHaHeaderBytes> header;
  wire::EncodeHaHeader(frame.header, header.data());
  output.Append({header.data(), header.size()});
  output.AppendPart(
      {frame.range.bytes, frame.range.pin, frame.range.descriptor, frame.range.file_position});
  window_.Sent(frame.header.bytes);
  parts_.metrics.sent.Add(frame.header.bytes);
}

void HaLink::PumpAfter(Duration delay) {
  if (pump_timer_ != 0) return;
  pump_timer_ = parts_.loop.After(delay, [this] {
    pump_timer_ = 0;
    Pump();
  });
}

void HaLink::Tick(MonoTime now) {
  const auto config = parts_.config.Get();
  if (now - last_report_ > milliseconds(config->ha_silence_max_ms)) {
    return Refuse(
        {Status::Code::kTimeout, Concat("no report for ", config->ha_silence_max_ms, " ms")});
  }
  if (!feed_->started() || !stream_.output().empty()) return;
  if (now - stream_.last_written() >= milliseconds(config->ha_heartbeat_ms)) Probe();
}

void HaLink::Probe() {
  if (!feed_->started() || closed()) return;
  std::array<char, wire::kHaHeaderBytes> header;
  wire::EncodeHaHeader(feed_->Heartbeat(), header.data());
  stream_.output().Append({header.data(), header.size()});
  stream_.Write();
}

// --- the end -----------------------------------------------------------------------------------

void HaLink::Refuse(const Status& why) {
  parts_.metrics.refused.Add();
  const bool stranger = !reported() && why.code() == Status::Code::kTimeout;
  if (!stranger) {
    parts_.refusals.Note(
        {peer().text, broker_id_, parts_.loop.clock().WallNow(), std::string(why.message())});
  }
  if (reported()) {
    LOG_WARN << "closing " << Name() << ": " << why.message();
  } else {
    LOG_WARN_LIMITED << "closing " << Name() << ": " << why.message();
  }
  Close(why.message());
}

void HaLink::OnClosed(std::string_view why) {
  if (pump_timer_ != 0) parts_.loop.Cancel(std::exchange(pump_timer_, 0));
  if (replica_) {
    LOG_INFO << Name() << " has gone at " << feed_->acked() << ": " << why;
    parts_.store.replicas().Detach(*replica_);
  }
  parts_.on_closed(*this);
}

}  // namespace comet::broker
