#include "sdk/src/queue_window.h"

#include <gtest/gtest.h>

#include "message_batches.h"

namespace comet::client {
namespace {

using State = QueueWindow::State;

constexpr MonoTime kEarly{std::chrono::seconds(1)};
constexpr MonoTime kLate{std::chrono::seconds(9)};

TEST(QueueWindow, AnUnreadableMessageIsTakenAlone) {
  const auto batch = BatchOf({1, 2, 3, 4});
  const_cast<MessageBatch&>(*batch).messages[1].unreadable = "damaged";
  QueueWindow window(1);
  window.Add(batch, 5);
  EXPECT_EQ(window.Take(9, kEarly).end, 1U);
  const auto alone = window.Take(9, kEarly);
  EXPECT_EQ(alone.begin, 1U);
  EXPECT_EQ(alone.end, 2U);
  const auto rest = window.Take(9, kEarly);
  EXPECT_EQ(rest.size(), 2U);
  window.PutBack({alone.pulled, 1, 4});
  EXPECT_EQ(window.Take(9, kEarly).end, 2U);
}

TEST(QueueWindow, CommitsBehindTheFirstThatIsNotDone) {
  QueueWindow window(10);
  EXPECT_EQ(window.CommitOffset(), 10);
  window.Add(BatchOf({10, 11, 12}), 13);
  window.Add(BatchOf({15, 17}), 20);
  EXPECT_EQ(window.next_offset(), 20);
  const auto first = window.Take(2, kEarly);
  const auto second = window.Take(9, kEarly);
  const auto third = window.Take(9, kEarly);
  EXPECT_EQ(first.size(), 2U);
  EXPECT_EQ(second.size(), 1U);
  EXPECT_EQ(third.size(), 2U);
  EXPECT_FALSE(window.HasWaiting());
  EXPECT_EQ(window.Finish(third), 2U);
  EXPECT_EQ(window.CommitOffset(), 10);
  EXPECT_EQ(window.Finish(first.one(1)), 1U);
  EXPECT_EQ(window.CommitOffset(), 10);
  EXPECT_EQ(window.Finish(first.one(0)), 1U);
  EXPECT_EQ(window.CommitOffset(), 12);
  EXPECT_EQ(window.Finish(second), 1U);
  EXPECT_EQ(window.CommitOffset(), 20) << "what the filter left out is done as well";
  EXPECT_EQ(window.count(), 0U);
  EXPECT_EQ(window.bytes(), 0U);
  EXPECT_EQ(window.working(), 0U);
}

TEST(QueueWindow, FinishesNothingTwice) {
  QueueWindow window(0);
  window.Add(BatchOf({0, 1}), 2);
  const auto chunk = window.Take(2, kEarly);
  EXPECT_EQ(window.Finish(chunk.one(0)), 1U);
  EXPECT_EQ(window.Finish(chunk), 1U);
  EXPECT_EQ(window.Finish(chunk), 0U);
  EXPECT_EQ(window.bytes(), 0U);
}

TEST(QueueWindow, WhatIsPutBackComesFirstAndInItsOrder) {
  QueueWindow window(0);
  window.Add(BatchOf({0, 1, 2, 3}), 4);
  const auto chunk = window.Take(3, kEarly);
  EXPECT_EQ(window.Finish(chunk.one(0)), 1U);
  window.PutBack({chunk.pulled, 1, 3});
  EXPECT_EQ(window.working(), 0U);
  EXPECT_EQ(window.CommitOffset(), 1);
  const auto again = window.Take(9, kLate);
  EXPECT_EQ(again.begin, 1U);
  EXPECT_EQ(again.end, 3U);
  const auto rest = window.Take(9, kLate);
  EXPECT_EQ(rest.begin, 3U);
  EXPECT_EQ(window.Finish(again) + window.Finish(rest), 3U);
  EXPECT_EQ(window.CommitOffset(), 4);
}

TEST(QueueWindow, OfWhatIsGivenUpTheHandlersWordDoesNotCount) {
  QueueWindow window(0);
  window.Add(BatchOf({0, 1}), 2);
  const auto early = window.Take(1, kEarly);
  const auto late = window.Take(1, kLate);
  const auto overdue = window.GiveUp(kLate);
  ASSERT_EQ(overdue.size(), 1U);
  EXPECT_EQ(overdue[0].begin, 0U);
  EXPECT_TRUE(window.GiveUp(kLate).empty());
  EXPECT_EQ(window.Finish(early), 0U);
  EXPECT_EQ(window.CommitOffset(), 0);
  EXPECT_EQ(window.Finish(overdue[0], State::kGivenUp), 1U);
  EXPECT_EQ(window.CommitOffset(), 1);
  EXPECT_EQ(window.Finish(late), 1U);
}

TEST(QueueWindow, CountsMessagesBytesAndSpan) {
  QueueWindow window(0);
  window.Add(BatchOf({5, 6}, 1000), 7);
  window.Add(BatchOf({2000}, 10), 2001);
  window.Add(BatchOf({}), 2005);
  EXPECT_EQ(window.count(), 3U);
  EXPECT_EQ(window.bytes(), 2010U);
  EXPECT_EQ(window.span(), 1995);
  EXPECT_EQ(window.next_offset(), 2005);
}

}  // namespace
}  // namespace comet::client
