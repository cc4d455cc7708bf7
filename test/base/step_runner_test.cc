#include "remoting/base/step_runner.h"

#include <latch>

#include <gtest/gtest.h>

namespace comet {
namespace {

struct Countdown {
  std::atomic<int> left = 0;
  std::latch done{100};

  bool Step() {
    if (left.load() == 0) return false;
    left.fetch_sub(1);
    done.count_down();
    return true;
  }
};

TEST(StepRunner, NoWakeUpIsLost) {
  Countdown work;
  StepRunner runner("countdown", work);
  for (int i = 0; i < 100; ++i) {
    work.left.fetch_add(1);
    runner.Wake();
  }
  work.done.wait();
  runner.Stop();
  EXPECT_EQ(work.left.load(), 0);
}

}  // namespace
}  // namespace comet
