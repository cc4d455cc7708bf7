#include "cluster_load.h"

#include <algorithm>
#include <utility>

#include "remoting/base/text.h"
#include "test/integration/eventually.h"

namespace comet {
namespace {

constexpr Duration kPace = std::chrono::milliseconds(8);
constexpr Duration kPauseAfterError = std::chrono::milliseconds(50);

std::string TroubleOf(const Result<SendReceipt>& receipt) {
  if (!receipt) return receipt.error().message();
  if (receipt->status == SendStatus::ok) return {};
  return std::string(to_string(receipt->status));
}

}  // namespace

ClusterLoad::ClusterLoad(Producer& producer, const std::vector<Queue>& queues, Ledger& ledger)
    : producer_(producer), ledger_(ledger) {
  for (const Queue& queue : queues) {
    auto lane = std::make_unique<Lane>();
    lane->queue = queue;
    lane->number = static_cast<int>(lanes_.size());
    lanes_.push_back(std::move(lane));
  }
  for (const auto& lane : lanes_) lane->thread = std::thread([this, &lane] { Run(*lane); });
}

ClusterLoad::~ClusterLoad() {
  {
    MutexLock lock(mutex_);
    stop_ = true;
    changed_.NotifyAll();
  }
  for (const auto& lane : lanes_) lane->thread.join();
}

void ClusterLoad::Run(Lane& lane) {
  while (BeginNext(lane)) {
    const MessageName name{lane.number, lane.started};
    const auto receipt = producer_.send(Message(lane.queue.topic, BodyOf(name)), lane.queue);
    End(lane, name, receipt);
    Hold(receipt ? kPace : kPauseAfterError);
  }
}

bool ClusterLoad::BeginNext(Lane& lane) {
  MutexLock lock(mutex_);
  while (pause_ && !stop_) changed_.Wait(mutex_);
  if (stop_) return false;
  ++lane.started;
  lane.busy = true;
  return true;
}

void ClusterLoad::End(Lane& lane, const MessageName& name, const Result<SendReceipt>& receipt) {
  if (receipt) ledger_.Note(name, *receipt);
  MutexLock lock(mutex_);
  lane.busy = false;
  lane.trouble = TroubleOf(receipt);
  if (lane.trouble.empty()) lane.send_ok = name.number;
  changed_.NotifyAll();
}

void ClusterLoad::Pause() {
  MutexLock lock(mutex_);
  pause_ = true;
  const auto idle = [](const auto& lane) {
    return !lane->busy;
  };
  while (!std::all_of(lanes_.begin(), lanes_.end(), idle)) changed_.Wait(mutex_);
}

void ClusterLoad::Resume() {
  MutexLock lock(mutex_);
  pause_ = false;
  changed_.NotifyAll();
}

void ClusterLoad::SendMuch(const std::string& broker, std::int64_t bytes) {
  constexpr std::size_t kBodyBytes = std::size_t{64} << 10;
  constexpr int kAtOnce = 16;
  Mutex mutex;
  CondVar answered;
  int waiting = 0;
  for (std::int64_t sent = 0; sent < bytes; sent += std::int64_t{kBodyBytes}) {
    MutexLock lock(mutex);
    while (waiting >= kAtOnce) answered.Wait(mutex);
    Message message(kMuchTopic, std::string(kBodyBytes, 'm'));
    message.wait_stored(false);
    const auto accepted = producer_.send_async(std::move(message), Queue{kMuchTopic, broker, 0},
                                               [&](const Result<SendReceipt>&) {
                                                 MutexLock taken(mutex);
                                                 --waiting;
                                                 answered.NotifyAll();
                                               });
    if (accepted) ++waiting;
  }
  MutexLock lock(mutex);
  while (waiting > 0) answered.Wait(mutex);
}

std::string ClusterLoad::AwaitSendOk(const std::string& broker, Duration within) {
  const MonoTime end = SystemClock().Now() + within;
  MutexLock lock(mutex_);
  std::vector<std::pair<const Lane*, std::int64_t>> wanted;
  for (const auto& lane : lanes_) {
    if (lane->queue.broker == broker) wanted.emplace_back(lane.get(), lane->started + 1);
  }
  for (const auto& [lane, number] : wanted) {
    while (lane->send_ok < number) {
      const MonoTime now = SystemClock().Now();
      if (now >= end) return Concat(lane->queue.to_string(), ": ", lane->trouble);
      changed_.WaitFor(mutex_, end - now);
    }
  }
  return {};
}

}  // namespace comet
