#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/stats/loop_stats.h"
#include "broker/stats/rates.h"
#include "broker/stats/stats_book.h"
#include "remoting/base/clock.h"
#include "remoting/base/executor.h"
#include "remoting/base/histogram.h"
#include "remoting/base/mutex.h"
#include "store/store_metrics.h"

namespace comet::broker {

// The broker's statistics: gathers what the loops have counted, every 10 s, and samples totals
// every second. Gathering is a task on each loop, so that counting needs no lock.
//
// Watch, Start: once, before the loops start. Everything else: any thread.
class Stats {
 public:
  struct Parts {
    Clock& clock;
    Executor& executor;  // of the samples
    const store::StoreMetrics& store;
    std::string cluster;
  };
  explicit Stats(Parts parts);

  void Watch(Executor& loop, LoopStats& stats);
  void Start();
  // `done` runs on the executor when everything counted before this call can be seen. Those who
  // ask while the loops are being asked share the next round.
  void Gather(Task done);

  std::optional<wire::BrokerStatsData> View(std::string_view name, std::string_view key) const
      EXCLUDES(mutex_);
  void SentBack(std::string_view topic, std::string_view group) EXCLUDES(mutex_);
  double MinuteTps(StatKind kind, std::string_view key) const EXCLUDES(mutex_);
  void ForgetTopic(std::string_view topic) EXCLUDES(mutex_);

  struct Times {
    std::int64_t put_max_ms = 0, get_max_ms = 0;  // since the start
    double put_99_ms = 0, put_999_ms = 0;         // of the last two minutes at most
    std::string put_distribution;                 // "[<=0ms]:8 [0~10ms]:0 ..."
  };
  struct Report {
    std::string put_tps, found_tps, missed_tps, total_tps, transferred_tps;
    DayTotals::Values now, this_morning, yesterday_morning;
    Times times;
  };
  Report Now() const EXCLUDES(mutex_);
  WallMs started_ms() const { return started_ms_; }

 private:
  struct Watched {
    Executor* loop;
    LoopStats* stats;
  };

  void Second() EXCLUDES(mutex_);
  void StartRound();
  void EndRound();
  void Merge(const LoopStats::Delta& delta) EXCLUDES(mutex_);
  DayTotals::Values DayNow() const;

  const Parts parts_;
  const WallMs started_ms_;
  std::vector<Watched> loops_;
  // The executor's.
  int seconds_ = 0;
  std::size_t loops_missing_ = 0;          // of the round that is under way
  std::vector<Task> asked_, round_asked_;  // who waits for the next round, and for this one

  mutable Mutex mutex_;
  StatsBook book_ GUARDED_BY(mutex_);
  Rates rates_ GUARDED_BY(mutex_);
  DayTotals days_ GUARDED_BY(mutex_);
  Histogram put_us_, put_us_before_;  // of this minute and the one before
  std::int64_t put_max_us_ GUARDED_BY(mutex_) = 0, get_max_us_ GUARDED_BY(mutex_) = 0;
};

}  // namespace comet::broker
