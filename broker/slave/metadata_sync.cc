#include "broker/slave/metadata_sync.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "broker/ha/refusals.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"

namespace comet::broker {
namespace {

constexpr auto kPeriod = std::chrono::seconds(3);
constexpr int kRestPerWork = 19;  // a twentieth of the time is work
// An answer may have been late for another reason than its size: the master stood still.
constexpr auto kRestMax = std::chrono::seconds(15);

bool IsOutOfReach(const Status& status) {
  const auto code = status.code();
  return code == Status::Code::kUnavailable || code == Status::Code::kTimeout ||
         code == Status::Code::kClosed;
}

}  // namespace

MetadataSync::MetadataSync(Parts parts, std::vector<SyncItem> items)
    : parts_(parts), items_(std::move(items)) {}

void MetadataSync::SetMaster(std::string address) {
  net::ClientOptions options;
  options.language = wire::kServerLanguage;
  options.on_state = [broken = broken_](bool connected) {
    if (!connected) broken->store(true);
  };
  {
    MutexLock lock(mutex_);
    if (stopped_ || (master_ != nullptr && master_->address() == address)) return;
    if (master_ != nullptr) master_->Close();
    master_ = net::Client::Create(parts_.loops, std::move(address), std::move(options));
  }
  worker_.Post([this] {
    Interrupted();
    Run();
  });
}

void MetadataSync::RunSoon() {
  if (asked_.exchange(true)) return;
  worker_.Post([this] {
    asked_ = false;
    const auto now = parts_.clock.Now();
    if (now >= rests_until_) return Run();
    worker_.Cancel(timer_);
    timer_ = worker_.After(rests_until_ - now, [this] { Run(); });
  });
}

void MetadataSync::Interrupted() {
  for (const auto& item : items_) {
    if (item.interrupted) item.interrupted();
  }
}

void MetadataSync::Run() {
  std::shared_ptr<net::Client> master;
  {
    MutexLock lock(mutex_);
    if (stopped_ || master_ == nullptr) return;
    master = master_;
  }
  worker_.Cancel(timer_);
  if (broken_->exchange(false)) Interrupted();
  Duration busy{};
  Report(master->address(), RunItems(*master, &busy));
  const auto rest = std::min<Duration>(busy * kRestPerWork, kRestMax);
  rests_until_ = parts_.clock.Now() + rest;
  timer_ = worker_.After(std::max<Duration>(rest, kPeriod), [this] { Run(); });
}

// One item's answer may be refused, or too large to come in time: the others still count. A master
// that does not answer the first question is not asked for the rest.
Status MetadataSync::RunItems(net::Client& master, Duration* busy) {
  Status first;
  bool answers = false;
  for (const auto& item : items_) {
    const auto began = parts_.clock.Now();
    auto status = item.run(master);
    if (status.ok() || !IsOutOfReach(status)) {
      answers = true;
      *busy += parts_.clock.Now() - began;
    } else if (!answers) {
      Interrupted();
      alive_ = false;  // then what counts only while it answers counts no more
      return status;
    } else if (item.interrupted) {
      item.interrupted();
    }
    if (first.ok() && !status.ok()) first = std::move(status).Annotate(item.name);
  }
  alive_ = true;
  ++rounds_;
  return first;
}

void MetadataSync::Report(const std::string& address, const Status& outcome) {
  std::string trouble;
  if (!outcome.ok() && !alive_) {
    trouble =
        Concat("the master ", address, " does not answer; topics, groups and progress stay as ",
               "they are until it does: ", OneLine(outcome.ToString()));
  } else if (!outcome.ok()) {
    trouble = Concat("an answer of the master ", address, " is refused, what it is about stays as ",
                     "it is here: ", OneLine(outcome.ToString()));
  }
  {
    MutexLock lock(mutex_);
    trouble_.reset();
    if (!outcome.ok()) trouble_ = wire::HaTrouble{address, 0, parts_.clock.WallNow(), trouble};
  }
  if (trouble == told_) return;
  if (outcome.ok()) {
    LOG_INFO << "topics, groups and progress follow the master " << address << " again";
  } else if (!alive_) {
    LOG_WARN << trouble;
  } else {
    LOG_ERROR << trouble;
  }
  told_ = std::move(trouble);
}

std::optional<wire::HaTrouble> MetadataSync::trouble() const {
  MutexLock lock(mutex_);
  return trouble_;
}

void MetadataSync::Stop() {
  std::shared_ptr<net::Client> master;
  {
    MutexLock lock(mutex_);
    stopped_ = true;
    master = std::move(master_);
  }
  if (master != nullptr) master->Close();  // what waits for an answer ends
  worker_.Stop();
}

}  // namespace comet::broker
