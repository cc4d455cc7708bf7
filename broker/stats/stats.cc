#include "broker/stats/stats.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "remoting/base/text.h"

namespace comet::broker {
namespace {

constexpr int kGatherEverySeconds = 10, kTurnEverySeconds = 60;

struct Bucket {
  std::string_view name;
  std::int64_t up_to_us;
};

constexpr Bucket kBuckets[] = {
    {"<=0ms", 999},         {"0~10ms", 9'999},      {"10~50ms", 49'999},   {"50~100ms", 99'999},
    {"100~200ms", 199'999}, {"200~500ms", 499'999}, {"500ms~1s", 999'999}, {"1~2s", 1'999'999},
    {"2~3s", 2'999'999},    {"3~4s", 3'999'999},    {"4~5s", 4'999'999},   {"5~10s", 9'999'999},
    {"10s~", INT64_MAX},
};

std::string DistributionOf(const Histogram& times) {
  std::string text;
  std::int64_t before = 0;
  for (const auto& [name, up_to] : kBuckets) {
    const auto count = up_to == INT64_MAX ? times.count() : times.CountUpTo(up_to);
    text += Concat("[", name, "]:", std::max<std::int64_t>(count - before, 0), " ");
    before = count;
  }
  return text;
}

double Ms(std::int64_t us) {
  return static_cast<double>(us) / 1000.0;
}

}  // namespace

Stats::Stats(Parts parts)
    : parts_(std::move(parts)), started_ms_(parts_.clock.WallNow()), book_(parts_.clock) {}

void Stats::Watch(Executor& loop, LoopStats& stats) {
  loops_.push_back({&loop, &stats});
}

void Stats::Start() {
  parts_.executor.Post([this] { Second(); });
}

void Stats::Second() {
  Rates::Totals totals{};
  totals[Rates::kPut] = parts_.store.appended.Sum();
  for (const auto& loop : loops_) {
    totals[Rates::kFound] += loop.stats->totals().found.Get();
    totals[Rates::kMissed] += loop.stats->totals().missed.Get();
    totals[Rates::kTransferred] += loop.stats->totals().get_messages.Get();
  }
  {
    MutexLock lock(mutex_);
    rates_.Sample(parts_.clock.Now(), totals);
    days_.Tick(parts_.clock.WallNow(), DayNow());
    if (++seconds_ % kTurnEverySeconds == 0) {
      put_us_before_.Clear();
      put_us_before_.MergeFrom(put_us_);
      put_us_.Clear();
    }
  }
  if (seconds_ % kGatherEverySeconds == 0) {
    Gather([this] {
      MutexLock lock(mutex_);
      book_.Sample();
    });
  }
  parts_.executor.After(std::chrono::seconds(1), [this] { Second(); });
}

void Stats::Gather(Task done) {
  parts_.executor.Post([this, done = std::move(done)]() mutable {
    asked_.push_back(std::move(done));
    if (loops_missing_ == 0) StartRound();
  });
}

// One round at a time, so that however many ask, a loop has one answer under way.
void Stats::StartRound() {
  round_asked_ = std::exchange(asked_, {});
  loops_missing_ = loops_.size();
  for (const auto& watched : loops_) {
    watched.loop->Post([this, stats = watched.stats] {
      parts_.executor.Post([this, delta = stats->Take()] {
        Merge(*delta);
        if (--loops_missing_ == 0) EndRound();
      });
    });
  }
}

void Stats::EndRound() {
  for (auto& done : std::exchange(round_asked_, {})) done();
  if (!asked_.empty()) StartRound();
}

void Stats::Merge(const LoopStats::Delta& delta) {
  MutexLock lock(mutex_);
  for (const auto& [queue, put] : delta.puts) {
    book_.Add(StatKind::kTopicPut, queue->topic(), put.amount);
    book_.Add(StatKind::kBrokerPut, parts_.cluster, put.amount);
    if (put.of_users) book_.Add(StatKind::kBrokerPutUsers, parts_.cluster, put.amount);
  }
  for (const auto& [key, got] : delta.gets) {
    book_.Add(StatKind::kGroupGet, key, got.amount);
    book_.Add(StatKind::kBrokerGet, parts_.cluster, got.amount);
    if (got.of_users) book_.Add(StatKind::kBrokerGetUsers, parts_.cluster, got.amount);
  }
  put_us_.MergeFrom(delta.put_us);
  put_max_us_ = std::max(put_max_us_, delta.put_us.max());
  get_max_us_ = std::max(get_max_us_, delta.get_us.max());
}

void Stats::SentBack(std::string_view topic, std::string_view group) {
  MutexLock lock(mutex_);
  book_.Add(StatKind::kSendBack, Concat(topic, "@", group), {1, 1, 0});
}

std::optional<wire::BrokerStatsData> Stats::View(std::string_view name,
                                                 std::string_view key) const {
  MutexLock lock(mutex_);
  return book_.View(name, key);
}

double Stats::MinuteTps(StatKind kind, std::string_view key) const {
  MutexLock lock(mutex_);
  return book_.MinuteTps(kind, key);
}

void Stats::ForgetTopic(std::string_view topic) {
  MutexLock lock(mutex_);
  book_.ForgetTopic(topic);
}

DayTotals::Values Stats::DayNow() const {
  DayTotals::Values now;
  for (const auto& loop : loops_) {
    now.put += loop.stats->totals().user_put_messages.Get();
    now.get += loop.stats->totals().user_get_messages.Get();
  }
  return now;
}

Stats::Report Stats::Now() const {
  Histogram recent;
  recent.MergeFrom(put_us_before_);
  recent.MergeFrom(put_us_);
  Report report;
  report.times.put_99_ms = Ms(recent.Percentile(0.99));
  report.times.put_999_ms = Ms(recent.Percentile(0.999));
  report.times.put_distribution = DistributionOf(recent);
  report.now = DayNow();
  MutexLock lock(mutex_);
  report.put_tps = rates_.Text(Rates::kPut);
  report.found_tps = rates_.Text(Rates::kFound);
  report.missed_tps = rates_.Text(Rates::kMissed);
  report.total_tps = rates_.TotalText();
  report.transferred_tps = rates_.Text(Rates::kTransferred);
  report.this_morning = days_.this_morning();
  report.yesterday_morning = days_.yesterday_morning();
  report.times.put_max_ms = put_max_us_ / 1000;
  report.times.get_max_ms = get_max_us_ / 1000;
  return report;
}

}  // namespace comet::broker
