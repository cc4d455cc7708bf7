#include "remoting/base/metrics.h"

#include <latch>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "remoting/base/prometheus.h"

namespace comet {
namespace {

TEST(Counter, LosesNothingWhenThreadsOutnumberSlots) {
  Counter counter("c_total", "help");
  constexpr int kThreads = 100;
  std::latch all_alive(kThreads);  // all at once, so that some must share a slot
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      counter.Add();
      all_alive.arrive_and_wait();
      for (int n = 0; n < 1000; ++n) counter.Add(2);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(counter.Sum(), kThreads * 2001);
}

TEST(ThreadSlot, IsStableAndGivenBack) {
  const auto own = ThreadSlot();
  EXPECT_EQ(ThreadSlot(), own);
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 200; ++i) std::thread([&] { seen.insert(ThreadSlot()); }).join();
  EXPECT_EQ(seen.size(), 1U);  // one after the other: always the same free one
  EXPECT_FALSE(seen.contains(own));
}

TEST(Histogram, SmallValuesAreExact) {
  Histogram histogram;
  for (int value = 1; value <= 60; ++value) histogram.Add(value);
  EXPECT_EQ(histogram.Percentile(0.5), 30);
  EXPECT_EQ(histogram.Percentile(1), 60);
  EXPECT_EQ(histogram.Percentile(0), 1);
  EXPECT_EQ(histogram.CountUpTo(10), 10);
  EXPECT_EQ(histogram.sum(), 1830);
  EXPECT_EQ(histogram.mean(), 30.5);
}

TEST(Histogram, PercentilesOfLargeValuesAreWithinOneBucket) {
  Histogram histogram;
  for (std::int64_t value = 1; value <= 1'000'000; value += 7) histogram.Add(value);
  for (const double share : {0.01, 0.5, 0.99, 0.999}) {
    const auto exact = share * 1e6;
    EXPECT_GE(double(histogram.Percentile(share)), exact * 0.999);
    EXPECT_LE(double(histogram.Percentile(share)), exact * (1 + 1.0 / 32) + 8);
  }
  EXPECT_EQ(histogram.Percentile(1), histogram.max());
}

TEST(Histogram, TakesEveryValue) {
  Histogram histogram;
  histogram.Add(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(histogram.Percentile(0.5), std::numeric_limits<std::int64_t>::max());
  histogram.Clear();
  EXPECT_EQ(histogram.Percentile(0.5), 0);
  histogram.Add(-5);
  EXPECT_EQ(histogram.max(), 0);
  EXPECT_EQ(histogram.count(), 1);
}

TEST(Histogram, MergesCounts) {
  Histogram a;
  Histogram b;
  a.Add(1, 3);
  b.Add(100);
  a.MergeFrom(b);
  EXPECT_EQ(a.count(), 4);
  EXPECT_EQ(a.max(), 100);
  EXPECT_EQ(a.CountUpTo(1), 3);
}

struct TestMetrics {
  Counter appended{"store_appended_total", "Messages written."};
  Gauge waiting{"store_waiting", "Bytes that wait."};
  template <class Visitor>
  void Visit(Visitor&& visitor) const {
    visitor(appended), visitor(waiting);
  }
};

TEST(PrometheusText, WritesFamiliesTogetherAndEscapesLabels) {
  TestMetrics metrics;
  metrics.appended.Add(3);
  metrics.waiting.Set(-2);
  PrometheusText text(PrometheusText::Labels{{"cluster", "c1"}});
  text.AddGauge("tps", "Messages a second.", {{"topic", "a\"b\\c\nd"}}, 1.5);
  metrics.Visit(text);
  text.AddGauge("tps", "Messages a second.", {{"topic", "x"}}, 2);
  EXPECT_EQ(text.Text(),
            "# HELP store_appended_total Messages written.\n"
            "# TYPE store_appended_total counter\n"
            "store_appended_total{cluster=\"c1\"} 3\n"
            "# HELP store_waiting Bytes that wait.\n"
            "# TYPE store_waiting gauge\n"
            "store_waiting{cluster=\"c1\"} -2\n"
            "# HELP tps Messages a second.\n"
            "# TYPE tps gauge\n"
            "tps{cluster=\"c1\",topic=\"a\\\"b\\\\c\\nd\"} 1.5\n"
            "tps{cluster=\"c1\",topic=\"x\"} 2\n");
}

TEST(PrometheusText, WritesCumulativeBuckets) {
  Histogram histogram;
  for (const int value : {1, 3, 3, 50}) histogram.Add(value);
  constexpr std::int64_t kBounds[] = {1, 5, 10};
  PrometheusText text;
  text.AddHistogram("rpc", "Time.", {{"code", "10"}}, histogram, {kBounds, 10});
  EXPECT_EQ(text.Text(),
            "# HELP rpc Time.\n"
            "# TYPE rpc histogram\n"
            "rpc_bucket{code=\"10\",le=\"0.1\"} 1\n"
            "rpc_bucket{code=\"10\",le=\"0.5\"} 3\n"
            "rpc_bucket{code=\"10\",le=\"1\"} 3\n"
            "rpc_bucket{code=\"10\",le=\"+Inf\"} 4\n"
            "rpc_sum{code=\"10\"} 5.7\n"
            "rpc_count{code=\"10\"} 4\n");
}

}  // namespace
}  // namespace comet
