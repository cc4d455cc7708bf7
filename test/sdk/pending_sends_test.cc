#include "sdk/src/pending_sends.h"

#include <thread>

#include <gtest/gtest.h>

#include "sdk/src/sender.h"

namespace comet::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

PendingSends::Limits Limits(std::size_t messages, std::size_t bytes) {
  return {.messages = messages, .bytes = bytes};
}

TEST(PendingSends, RefusesWhatIsTooManyOrTooLarge) {
  PendingSends pending(Limits(2, 100));
  ASSERT_TRUE(pending.Enter(60));
  EXPECT_EQ(pending.Enter(41).error().code(), Errc::queue_full);
  ASSERT_TRUE(pending.Enter(40));
  EXPECT_EQ(pending.Enter(0).error().code(), Errc::queue_full);
  EXPECT_EQ(pending.count(), 2U);
  EXPECT_EQ(pending.bytes(), 100U);
  pending.Leave(1, 40);
  EXPECT_EQ(pending.Enter(41).error().code(), Errc::queue_full);
  EXPECT_TRUE(pending.Enter(40));
}

TEST(PendingSends, WaitsForRoomAsLongAsItIsTold) {
  PendingSends pending(Limits(1, 100));
  ASSERT_TRUE(pending.Enter(1));
  EXPECT_EQ(pending.Enter(1, SystemClock().Now() + milliseconds(1)).error().code(),
            Errc::queue_full);
  std::thread answer([&] { pending.Leave(1, 1); });
  EXPECT_TRUE(pending.Enter(1, SystemClock().Now() + seconds(60)));
  answer.join();
  EXPECT_EQ(pending.Enter(101, SystemClock().Now() + seconds(60)).error().code(), Errc::queue_full)
      << "what never fits is not waited for";
}

TEST(PendingSends, ARefusalEndsTheWaitForRoom) {
  PendingSends pending(Limits(1, 100));
  ASSERT_TRUE(pending.Enter(1));
  std::thread closer([&] { EXPECT_TRUE(pending.Refuse()); });
  EXPECT_EQ(pending.Enter(1, SystemClock().Now() + seconds(60)).error().code(), Errc::closed);
  closer.join();
  EXPECT_FALSE(pending.Refuse());
}

TEST(PendingSends, TheEndIsWhenAllHaveBeenAnswered) {
  PendingSends pending(Limits(10, 100));
  ASSERT_TRUE(pending.Enter(1));
  ASSERT_TRUE(pending.Enter(1));
  EXPECT_EQ(pending.Wait(SystemClock().Now() + milliseconds(1)).error().code(), Errc::timeout);
  std::thread answers([&] { pending.Leave(2, 2); });
  EXPECT_TRUE(pending.Wait(SystemClock().Now() + seconds(60)));
  answers.join();
}

TEST(PendingSends, AnOperationIsAnsweredByOneSideOnly) {
  PendingSends pending(Limits(10, 100));
  SendOp* const under_way = pending.Take(nullptr);
  under_way->answered = false;
  SendOp* const being_filled = pending.Take(nullptr);
  EXPECT_TRUE(being_filled->answered);
  EXPECT_TRUE(pending.Refuse());
  EXPECT_EQ(pending.TakeUnanswered(), std::vector{under_way});
  EXPECT_TRUE(under_way->answered);
  EXPECT_TRUE(pending.TakeUnanswered().empty());
}

TEST(PendingSends, AnOperationComesBackEmpty) {
  PendingSends pending(Limits(10, 100));
  SendOp* const op = pending.Take(nullptr);
  op->body = "body";
  op->ids = "id";
  op->batch = true;
  op->target.ordering_key = "key";
  op->last_broker = "a";
  op->attempts = 3;
  pending.Recycle(op);
  SendOp* const again = pending.Take(nullptr);
  ASSERT_EQ(again, op);  // no other has been made
  EXPECT_EQ(again->body + again->ids + again->target.ordering_key + again->last_broker, "");
  EXPECT_FALSE(again->batch);
  EXPECT_EQ(again->attempts, 0);
}

TEST(PendingSends, AfterABurstOnlySomeOperationsAreKept) {
  PendingSends pending({.messages = 10, .bytes = 100, .idle_ops = 2, .idle_op_bytes = 10});
  std::vector<SendOp*> burst;
  for (int i = 0; i < 5; ++i) burst.push_back(pending.Take(nullptr));
  for (SendOp* op : burst) pending.Recycle(op);
  for (int i = 0; i < 5; ++i) EXPECT_NE(pending.Take(nullptr), nullptr);
}

}  // namespace
}  // namespace comet::client
