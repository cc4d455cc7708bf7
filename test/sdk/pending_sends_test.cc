#include "sdk/src/pending_sends.h"

#include <gtest/gtest.h>

namespace comet::client {
namespace {

using std::chrono::milliseconds;

TEST(PendingSends, RefusesWhatIsTooManyOrTooLarge) {
  PendingSends pending(2, 100);
  ASSERT_TRUE(pending.Enter(60, [](Result<SendReceipt>) {}));
  EXPECT_EQ(pending.Enter(41, [](Result<SendReceipt>) {}).error().code(), Errc::queue_full);
  const auto second = pending.Enter(40, [](Result<SendReceipt>) {});
  ASSERT_TRUE(second);
  EXPECT_EQ(pending.Enter(0, [](Result<SendReceipt>) {}).error().code(), Errc::queue_full);
  EXPECT_EQ(pending.count(), 2U);
  pending.Answer(*second, SendReceipt());
  EXPECT_EQ(pending.Enter(41, [](Result<SendReceipt>) {}).error().code(), Errc::queue_full);
  EXPECT_TRUE(pending.Enter(40, [](Result<SendReceipt>) {}));
}

TEST(PendingSends, AreAnsweredOnce) {
  PendingSends pending(2, 100);
  int answers = 0;
  Errc outcome = Errc::ok;
  const auto id = pending.Enter(1, [&](Result<SendReceipt> receipt) {
    ++answers;
    if (!receipt) outcome = receipt.error().code();
  });
  ASSERT_TRUE(id);
  EXPECT_EQ(pending.Wait(milliseconds(1)).error().code(), Errc::timeout);
  EXPECT_TRUE(pending.Refuse());
  EXPECT_FALSE(pending.Refuse());
  pending.AnswerAll(Error(Errc::closed, "closed"));
  pending.Answer(*id, SendReceipt());
  EXPECT_EQ(answers, 1);
  EXPECT_EQ(outcome, Errc::closed);
  EXPECT_TRUE(pending.Wait(milliseconds(0)));
  EXPECT_EQ(pending.Enter(1, [](Result<SendReceipt>) {}).error().code(), Errc::closed);
}

}  // namespace
}  // namespace comet::client
