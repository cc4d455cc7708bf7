#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "broker/broker_config.h"
#include "broker/ha/ha_metrics.h"
#include "broker/ha/refusals.h"
#include "broker/ha/send_window.h"
#include "remoting/base/describe_config.h"
#include "remoting/net/byte_stream.h"
#include "remoting/wire/ha_stream.h"
#include "store/replication/feed.h"
#include "store/store.h"

namespace comet::broker {

// One connection on the HA port: reads the replica's reports and sends what its Feed gives, as fast
// as the kernel takes it. It never waits for a report to send more, so a long way costs latency and
// no throughput; what is under way is bounded by the kernel's buffers. The ha loop's thread.
class HaLink final : public net::ByteStreamUser {
 public:
  struct Parts {
    net::EventLoop& loop;
    net::ChunkPool& chunks;
    store::Store& store;
    const Live<BrokerConfig>& config;
    HaMetrics& metrics;
    Refusals& refusals;
    // From now on a move of the log's visible end is to be followed by Pump.
    std::function<void()> want_news;
    std::function<void(HaLink&)> on_closed;  // may not destroy the link
  };
  HaLink(const Parts& parts, net::Socket socket, net::Endpoint peer);

  // Sends what the log has and the kernel takes.
  void Pump();
  // Heartbeats, and the end of a silent one.
  void Tick(MonoTime now);
  // A peer of ours has said which broker it is: it takes larger frames. Before its first report.
  void Identify(std::int64_t broker_id);
  void Probe();  // a replica of ours that is there reports at once
  void Close(std::string_view why) { stream_.Close(why); }

  const net::Endpoint& peer() const { return stream_.peer(); }
  std::int64_t broker_id() const { return broker_id_; }
  bool reported() const { return feed_->started(); }
  std::int64_t acked() const { return feed_->acked(); }
  bool closed() const { return stream_.closed(); }
  MonoTime last_report() const { return last_report_; }

  std::span<char> ReadInto() override;
  void OnBytes(std::size_t count) override;
  void OnWritten() override { Pump(); }
  void OnClosed(std::string_view why) override;

 private:
  void OnReport(std::int64_t offset);
  bool FillOutput();  // false: nothing more to send for now
  std::optional<store::FeedFrame> NextFrame();
  void Append(const store::FeedFrame& frame);
  void PumpAfter(Duration delay);
  void HoldBefore(const Status& why);
  void Refuse(const Status& why);
  std::string Name() const;

  const Parts parts_;
  net::ByteStream stream_;
  std::optional<store::Feed> feed_;
  std::optional<store::ReplicaSet::Id> replica_;  // from the first report on
  std::int64_t broker_id_ = -1;                   // -1: it has not said
  std::array<char, 512> reports_{};
  std::size_t unread_ = 0;  // bytes of reports_
  MonoTime last_report_;
  SendWindow window_;
  Executor::TimerId pump_timer_ = 0;
};

}  // namespace comet::broker
