#include "console/bench/load.h"

#include <poll.h>
#include <sys/prctl.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "console/bench/frames.h"
#include "console/bench/lag.h"
#include "console/bench/puller.h"
#include "console/bench/sender.h"
#include "remoting/base/text.h"
#include "remoting/wire/response_code.h"

namespace comet::bench {
namespace {

using std::chrono::seconds;

constexpr Duration kDrainTime = seconds(10);   // for answers after the last send
constexpr Duration kAnswerTime = seconds(10);  // for one administrative answer

Duration Seconds(double count) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(count));
}

// Waits until one of the sockets can be read (or written, where output is left) or `until`.
void WaitForPeers(std::vector<pollfd>* sockets, MonoTime now, MonoTime until) {
  const Duration wait = std::max(until - now, Duration::zero());
  const timespec time{wait.count() / 1'000'000'000, wait.count() % 1'000'000'000};
  ::ppoll(sockets->data(), sockets->size(), &time, nullptr);  // an error shows in the next read
}

class LoadRun {
 public:
  LoadRun(const Options& options, const std::atomic<bool>& stop, Results* results)
      : options_(options), stop_(stop), results_(*results) {}

  Status Run() {
    ::prctl(PR_SET_TIMERSLACK, 1);  // paced sends are due to the microsecond
    if (options_.create_topics) COMET_TRY(CreateTopics());
    COMET_TRY(Connect());
    COMET_TRY(Loop());
    if (!counting_) return Status(Status::Code::kInvalid, "stopped before the warm-up was over");
    CollectBytes();
    if (options_.lag) {
      COMET_ASSIGN(const Duration lag, WaitUntilDispatched(options_.broker, now_));
      results_.lag_ms = std::chrono::duration<double, std::milli>(lag).count();
    }
    return {};
  }

 private:
  Status CreateTopics();
  Status Connect();
  Status Loop();
  MonoTime FillAndFlush(MonoTime now, Status* failed);
  Status ReceiveAll();
  Status OnFrame(const wire::RawFrame& raw, bool from_sender);
  Status BeginCounting(MonoTime now);
  Status EndCounting(MonoTime now);
  bool Over(MonoTime now) const;
  void CollectBytes();

  const Options options_;
  const std::atomic<bool>& stop_;
  std::optional<Sender> sender_;
  std::optional<Puller> puller_;
  std::vector<pollfd> sockets_;  // the sender's, then the puller's
  wire::FrameDecoder decoder_;
  MonoTime started_;  // sending began; not before the consumers know where to begin
  MonoTime counted_from_;
  MonoTime now_;
  bool sending_ = false;
  bool counting_ = false;
  bool counted_ = false;
  Flow ignored_;  // what the warm-up has received
  std::vector<ProcessUsage> usage_at_start_;
  Results& results_;
};

// The first answer on a connection of its own.
Status LoadRun::CreateTopics() {
  COMET_ASSIGN(Peer peer, Peer::Connect(options_.broker));
  for (int i = 0; i < options_.topics; ++i) {
    const std::string topic = TopicName(options_, i);
    AppendCreateTopic(options_, topic, &peer.output());
    COMET_TRY(peer.Flush());
    Status outcome(Status::Code::kTimeout, Concat("creating topic ", topic, ": no answer"));
    const MonoTime give_up = SystemClock().Now() + kAnswerTime;
    bool answered = false;
    while (!answered && SystemClock().Now() < give_up) {
      std::vector<pollfd> socket{{peer.descriptor(), POLLIN, 0}};
      WaitForPeers(&socket, SystemClock().Now(), give_up);
      COMET_TRY(peer.Receive([&](const wire::RawFrame& raw) {
        wire::Frame frame;
        outcome = decoder_.Decode(raw, wire::kReadPadding, &frame);
        if (outcome.ok() && frame.head.code != wire::ResponseCode::kSuccess) {
          outcome = Status(Status::Code::kInvalid,
                           Concat("creating topic ", topic, ": code ", frame.head.code, ": ",
                                  frame.head.remark.value_or("")));
        }
        answered = true;
      }));
    }
    COMET_TRY(std::move(outcome));
  }
  return {};
}

Status LoadRun::Connect() {
  if (options_.mode != Mode::kPull) {
    COMET_ASSIGN(sender_, Sender::Connect(options_));
    for (Peer& peer : sender_->peers()) sockets_.push_back({peer.descriptor(), POLLIN, 0});
  }
  if (options_.mode != Mode::kSend) {
    COMET_ASSIGN(puller_, Puller::Connect(options_));
    for (Peer& peer : puller_->peers()) sockets_.push_back({peer.descriptor(), POLLIN, 0});
    COMET_TRY(puller_->Start());
  }
  return {};
}

Status LoadRun::BeginCounting(MonoTime now) {
  counting_ = true;
  counted_from_ = now;
  for (const int pid : options_.pids) {
    COMET_ASSIGN(ProcessUsage usage, ReadProcessUsage(pid));
    usage_at_start_.push_back(std::move(usage));
  }
  return {};
}

Status LoadRun::EndCounting(MonoTime now) {
  counted_ = true;
  results_.seconds = std::chrono::duration<double>(now - counted_from_).count();
  for (std::size_t i = 0; i < options_.pids.size(); ++i) {
    COMET_ASSIGN(const ProcessUsage usage, ReadProcessUsage(options_.pids[i]));
    results_.usage.push_back(usage.Since(usage_at_start_[i]));
  }
  return {};
}

bool LoadRun::Over(MonoTime now) const {
  if (stop_.load(std::memory_order_relaxed)) return true;
  if (!counting_) return false;
  if (options_.messages > 0) {
    return (sender_ ? results_.sent.messages : results_.received.messages) >= options_.messages;
  }
  return now >= counted_from_ + Seconds(options_.seconds);
}

Status LoadRun::Loop() {
  now_ = SystemClock().Now();
  started_ = now_;
  MonoTime drained_by = MonoTime::max();
  for (;;) {
    if (!sending_ && (!puller_ || puller_->started())) {
      sending_ = true;
      started_ = now_;
    }
    if (sending_ && !counting_ && now_ >= started_ + Seconds(options_.warmup_s)) {
      COMET_TRY(BeginCounting(now_));
    }
    if (!counted_ && Over(now_)) {
      if (counting_) COMET_TRY(EndCounting(now_));
      if (sender_) sender_->Stop();
      if (puller_) puller_->Stop();
      if (!sender_ || !counting_) return {};
      drained_by = now_ + kDrainTime;
    }
    if (counted_ && sender_->unanswered() == 0) return {};
    if (now_ >= drained_by) {
      return Status(Status::Code::kTimeout,
                    Concat(sender_->unanswered(), " sends were never answered"));
    }
    Status failed;
    const MonoTime due = FillAndFlush(now_, &failed);
    COMET_TRY(std::move(failed));
    WaitForPeers(&sockets_, now_, due);
    now_ = SystemClock().Now();
    COMET_TRY(ReceiveAll());
  }
}

MonoTime LoadRun::FillAndFlush(MonoTime now, Status* failed) {
  MonoTime due = now + seconds(1);
  std::size_t at = 0;
  if (sender_) {
    if (sending_) due = sender_->Fill(started_, now);
    *failed = sender_->Flush();
    for (Peer& peer : sender_->peers()) {
      sockets_[at++].events = static_cast<short>(peer.has_output() ? POLLIN | POLLOUT : POLLIN);
    }
  }
  if (puller_ && failed->ok()) {
    due = std::min(due, puller_->Fill(started_, now));
    *failed = puller_->Flush();
    for (Peer& peer : puller_->peers()) {
      sockets_[at++].events = static_cast<short>(peer.has_output() ? POLLIN | POLLOUT : POLLIN);
    }
  }
  return due;
}

Status LoadRun::ReceiveAll() {
  Status failed;
  std::size_t at = 0;
  const auto receive = [&](std::vector<Peer>& peers, bool from_sender) -> Status {
    for (Peer& peer : peers) {
      if ((sockets_[at++].revents & (POLLIN | POLLERR | POLLHUP)) == 0) continue;
      COMET_TRY(peer.Receive([&](const wire::RawFrame& raw) {
        if (failed.ok()) failed = OnFrame(raw, from_sender);
      }));
    }
    return {};
  };
  if (sender_) COMET_TRY(receive(sender_->peers(), true));
  if (puller_) COMET_TRY(receive(puller_->peers(), false));
  return failed;
}

Status LoadRun::OnFrame(const wire::RawFrame& raw, bool from_sender) {
  wire::Frame frame;
  COMET_TRY(decoder_.Decode(raw, wire::kReadPadding, &frame));
  frame.body = raw.body;
  if (!frame.head.is_reply()) return {};  // a notice of the broker; nothing to do with the load
  if (!from_sender) {
    return puller_->OnReply(frame, now_, counting_ && !counted_ ? &results_.received : &ignored_);
  }
  COMET_ASSIGN(const auto answered, sender_->OnReply(frame.head.opaque, now_));
  if (!counting_ || counted_) return {};
  if (frame.head.code != wire::ResponseCode::kSuccess) {
    Refusal& refusal = results_.refusals[frame.head.code];
    if (refusal.count++ == 0) refusal.first_remark = frame.head.remark.value_or("");
    return {};
  }
  results_.sent.messages += answered.messages;
  results_.sent.latency_ns.Add(answered.latency.count());
  return {};
}

void LoadRun::CollectBytes() {
  if (sender_) {
    for (const Peer& peer : sender_->peers()) {
      results_.sent.bytes_in += peer.bytes_in();
      results_.sent.bytes_out += peer.bytes_out();
    }
  }
  if (puller_) {
    for (const Peer& peer : puller_->peers()) {
      results_.received.bytes_in += peer.bytes_in();
      results_.received.bytes_out += peer.bytes_out();
    }
  }
}

}  // namespace

Status RunLoad(const Options& options, const std::atomic<bool>& stop, Results* results) {
  return LoadRun(options, stop, results).Run();
}

}  // namespace comet::bench
