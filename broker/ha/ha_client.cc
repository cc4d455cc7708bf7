#include "broker/ha/ha_client.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "broker/ha/refusals.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"

namespace comet::broker {
namespace {

using std::chrono::milliseconds;

constexpr auto kDialTimeout = std::chrono::seconds(5);
constexpr auto kMasterPatience = std::chrono::seconds(3);  // with the name server
constexpr auto kRetryMin = milliseconds(100);
constexpr auto kRetryMax = std::chrono::seconds(5);
constexpr auto kCongestedLook = milliseconds(10);
constexpr auto kSettled = std::chrono::seconds(1);

}  // namespace

HaClient::HaClient(const Parts& parts)
    : parts_(parts),
      loop_(parts.loops.loop(0)),
      dialer_(parts.loops.io(0)),
      agreement_({parts.loops, parts.store, parts.config}),
      intake_({loop_, parts.store,
               [this](const Status& status) {
                 OnTaken(status);
               }}),
      ha_master_(parts.config.Get()->ha_master_address),
      sampled_at_(loop_.clock().Now()) {
  if (ha_master_.empty()) {
    // SetMaster will come.
  } else if (parts.config.Get()->namesrv_addr.empty()) {
    loop_.Post([this] { Connect(); });
  } else {  // so that the master can be asked whether the logs agree
    retry_timer_ = loop_.After(kMasterPatience, [this] {
      retry_timer_ = 0;
      Connect();
    });
  }
  Tick();
}

void HaClient::SetMaster(std::string address, std::string ha_address) {
  loop_.Post([this, address = std::move(address), ha_address = std::move(ha_address)]() mutable {
    const auto& fixed = parts_.config.Get()->ha_master_address;
    if (!fixed.empty()) ha_address = fixed;
    if (address == master_ && ha_address == ha_master_) return;
    LOG_INFO << "the master's requests are at " << address << ", its log at " << ha_address;
    // Another address for requests, too, may be that of another master: it is asked.
    master_ = std::move(address);
    ha_master_ = std::move(ha_address);
    Connect();
  });
}

// --- connecting --------------------------------------------------------------------------------

void HaClient::Connect() {
  ++attempt_;
  if (retry_timer_ != 0) loop_.Cancel(std::exchange(retry_timer_, 0));
  dialer_.Cancel();
  state_ = State::kIdle;
  if (stream_ != nullptr) stream_->Close("it connects anew");
  Note();
  if (ha_master_.empty()) return;  // SetMaster will come
  state_ = State::kConnecting;
  intake_.Restart([this, attempt = attempt_] {
    if (attempt != attempt_) return;
    dialer_.Dial(ha_master_, kDialTimeout,
                 [this](StatusOr<net::Dialed> dialed) { OnDialed(std::move(dialed)); });
  });
}

void HaClient::OnDialed(StatusOr<net::Dialed> dialed) {
  if (!dialed.ok()) {
    return Fail({Status::Code::kUnavailable, Concat("cannot connect to the master's HA port ",
                                                    ha_master_, ": ", dialed.error().message())});
  }
  state_ = State::kChecking;
  first_seen_ = paused_ = false;
  auto one = dialed.Take();
  stream_ = std::make_unique<net::ByteStream>(loop_, std::move(one.socket), std::move(one.peer),
                                              chunks_, *this);
  agreement_.Ask({master_, ha_master_, one.local.text},
                 [this, attempt = attempt_](StatusOr<LogAgreement::Answer> answer) {
                   if (attempt == attempt_) OnAgreement(std::move(answer));
                 });
}

void HaClient::OnAgreement(StatusOr<LogAgreement::Answer> answer) {
  if (!answer.ok()) return Fail(answer.error());
  master_begin_ = answer->begin;
  agreed_requests_ = answer->requests;
  state_ = State::kFlushing;
  BeginIfFlushed();
}

// The first report says where the stream begins: the log's end. A master that counts on what it
// hears must not hear of what a power cut may take, so all of it goes to the disk first.
void HaClient::BeginIfFlushed() {
  const auto end = parts_.store.follower().expected();
  if (ReportableEnd() < end) return parts_.store.flusher().Request();
  state_ = State::kCopying;
  LOG_INFO << "copies the log of " << ha_master_ << " from " << end << " on"
           << (agreed_requests_.empty() ? "; but no topics, groups and progress: nobody has said "
                                          "where it takes requests (namesrvAddr)"
                                        : "");
  copies_since_ = loop_.clock().Now();
  Report(end);
  Note();
  if (on_copying_) on_copying_();
}

// --- the stream --------------------------------------------------------------------------------

void HaClient::OnBytes(std::size_t count) {
  received_ += static_cast<std::int64_t>(count);
  parts_.metrics.received.Add(static_cast<std::int64_t>(count));
  intake_.Came(count);
  if (const auto taken = TakeFrames(); !taken.ok()) {
    return Fail({taken.code(), Concat("master ", ha_master_, ": ", taken.message())});
  }
  if (!paused_ && intake_.congested()) {
    paused_ = true;
    stream_->PauseReading();
    ReadOnIfPossible();
  }
}

// A master may want to know whether we are there: a heartbeat is answered.
Status HaClient::TakeFrames() {
  COMET_TRY(CheckFirst());
  COMET_ASSIGN(const bool heartbeat, intake_.TakeFrames());
  if (heartbeat && stream_->output().empty()) Report(reported_);
  return {};
}

// A master may begin later than its log does: Apache's sends an empty slave its newest file only.
Status HaClient::CheckFirst() {
  if (state_ != State::kCopying) return {Status::Code::kInvalid, "it sends before it was asked to"};
  const auto header = intake_.first_header();
  if (first_seen_ || !header) return {};
  first_seen_ = true;
  const auto begin = master_begin_.value_or(0);
  if (reported_ != 0 || header->offset <= begin || parts_.config.Get()->ha_accept_partial_log) {
    return {};
  }
  return {Status::Code::kInvalid,
          Concat("this broker's log is empty, and the first that comes is log offset ",
                 header->offset, " while the master's log begins at ", begin,
                 ": what lies between would be missing here. Stop this broker, copy the master's "
                 "store to ",
                 parts_.store.config().root,
                 " and start again, or set haAcceptPartialLog=true to do without")};
}

void HaClient::OnTaken(const Status& status) {
  if (!status.ok()) {
    return Fail(
        {status.code(), Concat("the log of ", ha_master_, " cannot be followed at ",
                               parts_.store.follower().expected(), ": ", status.message())});
  }
  retry_after_ = {};
  ReportIfMoved();
}

// Queues and index may be what is behind, and nobody tells when they have caught up.
void HaClient::ReadOnIfPossible() {
  loop_.After(kCongestedLook, [this, attempt = attempt_] {
    if (attempt != attempt_ || !paused_ || stream_->closed()) return;
    if (intake_.congested()) return ReadOnIfPossible();
    paused_ = false;
    stream_->ResumeReading();
  });
}

// --- reports -----------------------------------------------------------------------------------

std::int64_t HaClient::ReportableEnd() const {
  const auto& log = parts_.store.log();
  return parts_.config.Get()->ha_ack_flushed ? log.flushed() : log.end();
}

void HaClient::OnLogMoved() {
  if (moved_.exchange(true)) return;
  loop_.Post([this] {
    moved_ = false;  // before the look at the log
    OnMoved();
  });
}

void HaClient::OnMoved() {
  if (state_ == State::kFlushing) return BeginIfFlushed();
  ReportIfMoved();
}

void HaClient::ReportIfMoved() {
  if (state_ != State::kCopying) return;
  const auto end = ReportableEnd();
  if (end > reported_) Report(end);
}

void HaClient::Report(std::int64_t offset) {
  reported_ = offset;
  std::array<char, wire::kHaReportBytes> report;
  wire::EncodeHaReport(offset, report.data());
  stream_->output().Append({report.data(), report.size()});
  stream_->Write();
}

// --- time and trouble --------------------------------------------------------------------------

void HaClient::Tick() {
  const auto config = parts_.config.Get();
  const auto now = loop_.clock().Now();
  if (state_ == State::kCopying) {
    // Not before: the same record may be refused again.
    if (now - copies_since_ >= kSettled) trouble_.clear();
    const auto silence = now - stream_->last_read();
    if (!paused_ && silence > milliseconds(config->ha_silence_max_ms)) {
      Fail({Status::Code::kTimeout, Concat("nothing has come from the master ", ha_master_, " for ",
                                           config->ha_silence_max_ms, " ms")});
    } else if (now - stream_->last_written() >= milliseconds(config->ha_heartbeat_ms)) {
      Report(reported_);
    }
  }
  Note();
  const auto shortest = std::min(config->ha_heartbeat_ms, config->ha_silence_max_ms);
  const auto next = milliseconds(std::clamp<std::int64_t>(shortest / 4, 1, kHaTickMsMax));
  loop_.After(next, [this] { Tick(); });
}

void HaClient::OnClosed(std::string_view why) {
  if (state_ == State::kIdle) return;  // it was us
  Fail({Status::Code::kUnavailable,
        Concat("the master ", ha_master_, " has ended the connection at ", reported_, ": ", why,
               state_ == State::kCopying ? "; its log says more, if it was not stopped" : "")});
}

// What another try may heal soon is tried soon; a refusal waits as long as Apache's slaves do.
void HaClient::Fail(const Status& why) {
  const bool soon =
      why.code() == Status::Code::kUnavailable || why.code() == Status::Code::kTimeout;
  retry_after_ = soon ? std::clamp<Duration>(2 * retry_after_, kRetryMin, kRetryMax) : kRetryMax;
  auto trouble = OneLine(why.message());
  if (trouble != trouble_ || state_ == State::kCopying) {
    LOG_WARN << "does not copy the log, which ends at " << parts_.store.log().end() << ": "
             << trouble;
  }
  trouble_ = std::move(trouble);
  trouble_ms_ = loop_.clock().WallNow();
  ++attempt_;
  state_ = State::kIdle;
  if (stream_ != nullptr) stream_->Close(trouble_);
  if (retry_timer_ != 0) loop_.Cancel(retry_timer_);
  retry_timer_ = loop_.After(retry_after_, [this] {
    retry_timer_ = 0;
    Connect();
  });
  Note();
}

HaClientView HaClient::view() const {
  MutexLock lock(mutex_);
  return view_;
}

void HaClient::Note() {
  const auto& clock = loop_.clock();
  const auto now = clock.Now();
  MutexLock lock(mutex_);
  view_.master = ha_master_;
  view_.copies = state_ == State::kCopying;
  view_.requests = view_.copies ? agreed_requests_ : std::string();
  view_.reported = reported_;
  view_.trouble = trouble_;
  view_.trouble_ms = trouble_ms_;
  if (view_.copies) {
    const auto wall = [&](MonoTime at) {
      return clock.WallNow() - std::chrono::duration_cast<milliseconds>(now - at).count();
    };
    view_.last_read_ms = wall(stream_->last_read());
    view_.last_write_ms = wall(stream_->last_written());
  }
  const auto ms = std::chrono::duration_cast<milliseconds>(now - sampled_at_).count();
  if (ms < kHaTickMsMax) return;
  view_.bytes_per_second = (received_ - sampled_) * 1000 / ms;
  sampled_ = received_;
  sampled_at_ = now;
}

}  // namespace comet::broker
