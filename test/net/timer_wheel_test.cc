#include "remoting/net/timer_wheel.h"

#include <functional>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace comet::net {
namespace {

using std::chrono::milliseconds;

struct Node : TimerNode {
  explicit Node(std::function<void(MonoTime)> fn) : on_timer(std::move(fn)) {}
  void OnTimer(MonoTime now) override { on_timer(now); }
  std::function<void(MonoTime)> on_timer;
};

TEST(TimerWheel, FiresEveryNodeOnceWithinATickOfItsDeadline) {
  std::mt19937 random(7);
  MonoTime now(milliseconds(123'456));
  TimerWheel wheel(now);
  std::vector<std::unique_ptr<Node>> nodes;
  std::size_t fired = 0;
  for (int i = 0; i < 2000; ++i) {
    const MonoTime deadline = now + milliseconds(random() % 40'000);  // several rounds
    nodes.push_back(std::make_unique<Node>([&, deadline](MonoTime at) {
      EXPECT_GE(at, deadline);
      EXPECT_LE(at, deadline + 2 * TimerWheel::kTick);
      ++fired;
    }));
    wheel.Schedule(*nodes.back(), deadline);
  }
  for (int i = 0; i < 4100; ++i) wheel.Advance(now += TimerWheel::kTick);
  EXPECT_EQ(fired, nodes.size());
}

TEST(TimerWheel, MissesNothingWhenTimeJumps) {
  MonoTime now(milliseconds(1000));
  TimerWheel wheel(now);
  int fired = 0;
  Node soon([&](MonoTime) { ++fired; }), late([&](MonoTime) { ++fired; });
  wheel.Schedule(soon, now + milliseconds(15));
  wheel.Schedule(late, now + std::chrono::minutes(3));
  wheel.Advance(now + std::chrono::hours(1));
  EXPECT_EQ(fired, 2);
  EXPECT_FALSE(soon.scheduled());
}

TEST(TimerWheel, ForgetsCancelledMovedAndDestroyedNodes) {
  MonoTime now(milliseconds(1000));
  TimerWheel wheel(now);
  int fired = 0;
  Node cancelled([&](MonoTime) { ++fired; }), moved([&](MonoTime) { ++fired; });
  {
    Node destroyed([&](MonoTime) { ++fired; });
    wheel.Schedule(destroyed, now + milliseconds(20));
  }
  wheel.Schedule(cancelled, now + milliseconds(20));
  TimerWheel::Cancel(cancelled);
  wheel.Schedule(moved, now + milliseconds(20));
  wheel.Schedule(moved, now + milliseconds(500));
  wheel.Advance(now + milliseconds(100));
  EXPECT_EQ(fired, 0);
  wheel.Advance(now + milliseconds(600));
  EXPECT_EQ(fired, 1);
}

TEST(TimerWheel, LetsATimerDestroyItsNeighbourAndScheduleItself) {
  MonoTime now(milliseconds(1000));
  TimerWheel wheel(now);
  int fired = 0;
  auto neighbour = std::make_unique<Node>([&](MonoTime) { ++fired; });
  Node* again = nullptr;
  Node first([&](MonoTime at) {
    ++fired;
    neighbour.reset();
    if (fired == 1) wheel.Schedule(*again, at + milliseconds(50));
  });
  again = &first;
  wheel.Schedule(first, now + milliseconds(20));
  wheel.Schedule(*neighbour, now + milliseconds(20));
  wheel.Advance(now + milliseconds(40));
  EXPECT_EQ(fired, 1);
  wheel.Advance(now + milliseconds(200));
  EXPECT_EQ(fired, 2);
}

TEST(TimerWheel, SaysWhenToComeBack) {
  MonoTime now(milliseconds(1000));
  TimerWheel wheel(now);
  EXPECT_FALSE(wheel.NextWake());
  Node node([](MonoTime) {});
  wheel.Schedule(node, now + milliseconds(200));
  const auto wake = wheel.NextWake();
  ASSERT_TRUE(wake);
  EXPECT_GT(*wake, now + milliseconds(200));
  EXPECT_LE(*wake, now + milliseconds(200) + TimerWheel::kTick);
}

}  // namespace
}  // namespace comet::net
