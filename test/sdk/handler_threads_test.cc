#include "sdk/src/handler_threads.h"

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <utility>

#include <gtest/gtest.h>

#include "remoting/base/worker.h"

namespace comet::client {
namespace {

class HandlerThreadsTest : public testing::Test {
 protected:
  ~HandlerThreadsTest() override {
    threads_->Close();
    EXPECT_TRUE(threads_->AwaitEnd(MonoTime::max() - std::chrono::hours(1)));
    timer_.Stop();
  }

  static constexpr int kLimit = 3;
  Worker timer_{"timer"};
  std::shared_ptr<HandlerThreads> threads_ =
      std::make_shared<HandlerThreads>(kLimit, [this](Duration delay, Task task) {
        timer_.Post([this, delay, task = std::move(task)]() mutable {
          timer_.After(delay, std::move(task));
        });
      });
};

TEST_F(HandlerThreadsTest, StartsNoneWithoutWork) {
  EXPECT_EQ(threads_->count(), 0);
}

TEST_F(HandlerThreadsTest, TasksThatBlockRunBesideEachOtherUpToTheLimit) {
  const auto all_run = std::make_shared<std::latch>(kLimit);
  std::promise<void> last;
  for (int i = 0; i < kLimit; ++i) {
    ASSERT_TRUE(threads_->Submit([all_run] { all_run->arrive_and_wait(); }));
  }
  ASSERT_TRUE(threads_->Submit([&] { last.set_value(); }));
  last.get_future().wait();
  EXPECT_EQ(threads_->count(), kLimit);
}

TEST_F(HandlerThreadsTest, AFastThreadThatGetsStuckIsHelped) {
  for (int i = 0; i < 100; ++i) {  // they are short: one thread will do
    std::promise<void> done;
    ASSERT_TRUE(threads_->Submit([&] { done.set_value(); }));
    done.get_future().wait();
  }
  std::promise<void> release, stuck, other;
  ASSERT_TRUE(threads_->Submit([&] {
    stuck.set_value();
    release.get_future().wait();
  }));
  stuck.get_future().wait();
  ASSERT_TRUE(threads_->Submit([&] { other.set_value(); }));
  other.get_future().wait();
  release.set_value();
}

TEST_F(HandlerThreadsTest, CloseDropsWhatHasNotBegunAndWaitsForTheRest) {
  std::promise<void> begun, release;
  std::atomic<bool> dropped_ran = false;
  threads_->SetLimit(1);
  ASSERT_TRUE(threads_->Submit([&] {
    begun.set_value();
    release.get_future().wait();
  }));
  begun.get_future().wait();
  ASSERT_TRUE(threads_->Submit([&] { dropped_ran = true; }));
  threads_->Close();
  EXPECT_FALSE(threads_->Submit([] {}));
  EXPECT_FALSE(threads_->AwaitEnd(SystemClock().Now()));
  release.set_value();
  EXPECT_TRUE(threads_->AwaitEnd(SystemClock().Now() + std::chrono::minutes(1)));
  EXPECT_FALSE(dropped_ran);
}

}  // namespace
}  // namespace comet::client
