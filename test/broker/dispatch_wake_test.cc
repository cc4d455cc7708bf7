#include "broker/dispatch_wake.h"

#include <gtest/gtest.h>

#include "test/sim/sim_executor.h"

namespace comet::broker {
namespace {

class DispatchWakeTest : public testing::Test {
 protected:
  void Pass(Duration time) {
    clock_.Advance(time);
    loop_.RunReady();
  }

  ManualClock clock_;
  sim::SimExecutor loop_{clock_};
  int wakes_ = 0;
  DispatchWake wake_{loop_, [this] {
                       ++wakes_;
                     }};
};

TEST_F(DispatchWakeTest, WhatIsWaitedForWakesAtTheOutput) {
  wake_.Stored(true);
  EXPECT_EQ(wakes_, 0);
  wake_.AtOutput();
  EXPECT_EQ(wakes_, 1);
}

TEST_F(DispatchWakeTest, IterationsNobodyWaitsForShareAWake) {
  for (int i = 0; i < 3; ++i) {
    wake_.Stored(false);
    wake_.AtOutput();
  }
  EXPECT_EQ(wakes_, 0);
  Pass(DispatchWake::kDelay);
  EXPECT_EQ(wakes_, 1);
}

TEST_F(DispatchWakeTest, WhoeverBeginsToWaitNeedNotWaitForTheSharedWake) {
  wake_.Stored(false);
  wake_.AtOutput();
  wake_.Awaited();
  wake_.AtOutput();
  EXPECT_EQ(wakes_, 1);
  Pass(DispatchWake::kDelay);
  EXPECT_EQ(wakes_, 1) << "what was due is done";
}

TEST_F(DispatchWakeTest, WaitersAloneWakeNobody) {
  wake_.Awaited();
  wake_.AtOutput();
  wake_.Stored(false);
  wake_.AtOutput();
  EXPECT_EQ(wakes_, 0) << "who waited before counts by Stored(awaited)";
}

TEST_F(DispatchWakeTest, EveryStoreIsFollowedByAWake) {
  for (int i = 1; i <= 3; ++i) {
    wake_.Stored(false);
    wake_.AtOutput();
    Pass(DispatchWake::kDelay);
    EXPECT_EQ(wakes_, i);
  }
}

}  // namespace
}  // namespace comet::broker
