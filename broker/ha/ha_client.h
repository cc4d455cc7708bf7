#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "broker/broker_config.h"
#include "broker/ha/frame_intake.h"
#include "broker/ha/ha_metrics.h"
#include "broker/ha/log_agreement.h"
#include "remoting/base/describe_config.h"
#include "remoting/base/mutex.h"
#include "remoting/net/byte_stream.h"
#include "remoting/net/dialer.h"
#include "remoting/net/loop_group.h"
#include "store/store.h"

namespace comet::broker {

// A slave's replication as its status shows it.
struct HaClientView {
  std::string master;    // HA address; empty: not known yet
  bool copies = false;   // connected, and the logs agree
  std::string requests;  // where the master that is copied takes them, if that is known
  WallMs last_read_ms = 0, last_write_ms = 0;
  std::int64_t reported = 0;  // the master knows that we have the log up to here
  std::int64_t bytes_per_second = 0;
  std::string trouble;  // why it does not copy, or has not until just now; empty: nothing is wrong
  WallMs trouble_ms = 0;  // when it was so the last time
};

// A slave's side of replication: connects to its master's HA port, makes sure that the two logs
// belong together, takes the stream, and reports what it has as soon as it has it. When anything
// fails it says why, waits and begins again; what was written stays as it is.
//
// Constructed before the ha loop starts, destroyed after it and the store's threads have ended.
class HaClient final : public net::ByteStreamUser {
 public:
  struct Parts {
    net::LoopGroup& loops;  // one loop, nothing else's
    store::Store& store;
    const Live<BrokerConfig>& config;
    HaMetrics& metrics;
  };
  explicit HaClient(const Parts& parts);
  HaClient(const HaClient&) = delete;
  HaClient& operator=(const HaClient&) = delete;

  // Where the master is, as the name server tells it: its address for requests and its HA address,
  // over which haMasterAddress wins. Any thread; another one ends the present connection.
  void SetMaster(std::string address, std::string ha_address);
  // Called on the loop each time that copying begins; view() says so already. Set before the loop
  // starts.
  void SetCopyListener(std::function<void()> listener) { on_copying_ = std::move(listener); }
  // The log's end or its flushed mark has moved. Any thread; wakes the loop once.
  void OnLogMoved();
  HaClientView view() const EXCLUDES(mutex_);  // any thread

  std::span<char> ReadInto() override { return intake_.Room(); }
  void OnBytes(std::size_t count) override;
  void OnWritten() override {}
  void OnClosed(std::string_view why) override;

 private:
  // kChecking: the master is asked. kFlushing: what we have goes to our disk before we say so.
  enum class State { kIdle, kConnecting, kChecking, kFlushing, kCopying };

  void Connect();
  void OnDialed(StatusOr<net::Dialed> dialed);
  void OnAgreement(StatusOr<LogAgreement::Answer> answer);
  void BeginIfFlushed();
  Status TakeFrames();
  Status CheckFirst();
  void OnTaken(const Status& status);
  void OnMoved();
  std::int64_t ReportableEnd() const;
  void ReportIfMoved();
  void Report(std::int64_t offset);
  void ReadOnIfPossible();
  void Fail(const Status& why);
  void Tick();
  void Note() EXCLUDES(mutex_);

  const Parts parts_;
  net::EventLoop& loop_;
  net::ChunkPool chunks_;
  net::Dialer dialer_;
  LogAgreement agreement_;
  FrameIntake intake_;

  State state_ = State::kIdle;
  std::string master_, ha_master_;
  std::string agreed_requests_;  // of the master whose log agrees
  std::unique_ptr<net::ByteStream> stream_;
  std::uint64_t attempt_ = 0;  // tells answers that came too late
  Duration retry_after_{};
  Executor::TimerId retry_timer_ = 0;
  std::optional<std::int64_t> master_begin_;
  std::int64_t reported_ = 0;
  bool first_seen_ = false, paused_ = false;
  std::string trouble_;
  WallMs trouble_ms_ = 0;
  MonoTime copies_since_;
  std::int64_t received_ = 0, sampled_ = 0;
  MonoTime sampled_at_;

  std::function<void()> on_copying_;
  std::atomic<bool> moved_ = false;  // OnMoved is posted
  mutable Mutex mutex_;
  HaClientView view_ GUARDED_BY(mutex_);
};

}  // namespace comet::broker
