#include "remoting/base/worker.h"

#include <future>
#include <vector>

#include <gtest/gtest.h>

namespace comet {
namespace {

using std::chrono::milliseconds;

TEST(Worker, RunsTasksInOrderOnItsThread) {
  std::vector<int> order;
  bool own_thread = false;
  Worker worker("test");
  for (int i = 0; i < 100; ++i) worker.Post([&order, i] { order.push_back(i); });
  worker.Post([&] { own_thread = worker.OnOwnerThread(); });
  worker.Stop();
  ASSERT_EQ(order.size(), 100U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_TRUE(own_thread);
  EXPECT_FALSE(worker.OnOwnerThread());
}

TEST(Worker, TimersRunInTheOrderOfTheirTimes) {
  std::vector<int> order;
  std::promise<void> done;
  Worker worker("test");
  worker.Post([&] {
    worker.After(milliseconds(20), [&] { order.push_back(2), done.set_value(); });
    worker.After(milliseconds(5), [&] { order.push_back(1); });
    worker.After(milliseconds(0), [&] { order.push_back(0); });
  });
  done.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(Worker, ATimerIsNotEarly) {
  std::promise<MonoTime> ran;
  Worker worker("test");
  const MonoTime start = SystemClock().Now();
  worker.Post([&] { worker.After(milliseconds(10), [&] { ran.set_value(SystemClock().Now()); }); });
  EXPECT_GE(ran.get_future().get() - start, milliseconds(10));
}

TEST(Worker, ACancelledTimerDoesNotRun) {
  bool ran = false;
  std::promise<void> done;
  Worker worker("test");
  worker.Post([&] {
    const auto id = worker.After(milliseconds(1), [&] { ran = true; });
    worker.Cancel(id);
    worker.Cancel(id);  // no effect twice
    worker.After(milliseconds(10), [&] { done.set_value(); });
  });
  done.get_future().wait();
  EXPECT_FALSE(ran);
}

TEST(Worker, StopRunsWhatWasPostedAndDropsTheRest) {
  int ran = 0;
  Worker worker("test");
  worker.Post([&] {
    worker.After(std::chrono::hours(1), [&] { ran += 100; });
    ++ran;
  });
  worker.Stop();
  worker.Post([&] { ran += 100; });
  worker.Stop();
  EXPECT_EQ(ran, 1);
}

}  // namespace
}  // namespace comet
