#include "remoting/net/event_loop.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "test/net/net_fixture.h"

namespace comet::net {
namespace {

using std::chrono::milliseconds;

TEST(EventLoop, RunsAnIterationInItsOrder) {
  ManualClock clock;
  EventLoop loop(clock);
  std::string order;
  loop.AtOutput([&] { order += "output "; });
  loop.AtIterationEnd([&] { order += "first "; });
  loop.AtIterationEnd([&] { order += "second "; });
  loop.Post([&] { order += "task "; });
  loop.After(milliseconds(5), [&] { order += "timer "; });
  clock.Advance(milliseconds(5));
  loop.RunOnce({});
  EXPECT_EQ(order, "timer task first second output ");
}

TEST(EventLoop, RunsTimersByDeadlineAndNotBefore) {
  ManualClock clock;
  EventLoop loop(clock);
  std::string order;
  loop.After(milliseconds(30), [&] { order += "30 "; });
  loop.After(milliseconds(10), [&] { order += "10a "; });
  loop.After(milliseconds(10), [&] { order += "10b "; });
  const auto cancelled = loop.After(milliseconds(20), [&] { order += "20 "; });
  loop.RunOnce({});
  EXPECT_EQ(order, "");
  clock.Advance(milliseconds(10));
  loop.RunOnce({});
  EXPECT_EQ(order, "10a 10b ");
  loop.Cancel(cancelled);
  clock.Advance(milliseconds(20));
  loop.RunOnce({});
  EXPECT_EQ(order, "10a 10b 30 ");
}

TEST(EventLoop, LetsATimerCancelAnotherThatIsDueAndStartOneForTheNextIteration) {
  ManualClock clock;
  EventLoop loop(clock);
  std::string order;
  Executor::TimerId second = 0;
  loop.After({}, [&] {
    order += "first ";
    loop.Cancel(second);
    loop.After({}, [&] { order += "third "; });
  });
  second = loop.After({}, [&] { order += "second "; });
  loop.RunOnce({});
  EXPECT_EQ(order, "first ");
  loop.RunOnce({});
  EXPECT_EQ(order, "first third ");
}

TEST(EventLoop, RunsWhatATaskPostsInTheNextIterationWithoutWaiting) {
  EventLoop loop;
  std::string order;
  loop.AtOutput([&] { order += "| "; });
  loop.Post([&] {
    order += "outer ";
    loop.Post([&] { order += "inner "; });
  });
  loop.RunOnce(std::chrono::hours(1));
  loop.RunOnce(std::chrono::hours(1));
  EXPECT_EQ(order, "outer | inner | ");
}

TEST(EventLoop, WakesForATaskOfAnotherThread) {
  EventLoop loop;
  Worker worker("other");
  int ran = 0;
  for (int i = 0; i < 1000; ++i) {
    worker.Post([&] { loop.Post([&] { ++ran; }); });
    while (ran == i) loop.RunOnce(kPatience);
  }
  EXPECT_EQ(ran, 1000);
}

TEST(EventLoop, KeepsTheOrderOfOneThreadsTasks) {
  EventLoop loop;
  std::vector<int> seen;
  Worker worker("other");
  worker.Post([&] {
    for (int i = 0; i < 10'000; ++i) loop.Post([&seen, i] { seen.push_back(i); });
    loop.Post([&] { loop.Stop(); });
  });
  loop.Run();
  ASSERT_EQ(seen.size(), 10'000U);
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(seen[static_cast<std::size_t>(i)], i);
}

TEST(EventLoop, RunsRealTimersInRealTime) {
  EventLoop loop;
  const MonoTime start = SystemClock().Now();
  loop.After(milliseconds(20), [&] { loop.Stop(); });
  loop.Run();
  EXPECT_GE(SystemClock().Now() - start, milliseconds(20));
}

TEST(EventLoop, DestroysWhatItNeverRan) {
  const auto owned = std::make_shared<int>(1);
  {
    EventLoop loop;
    loop.Post([owned] {});
    loop.After(milliseconds(1), [owned] {});
    EXPECT_EQ(owned.use_count(), 3);
  }
  EXPECT_EQ(owned.use_count(), 1);
}

}  // namespace
}  // namespace comet::net
