#include "broker/offset_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace comet::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(OffsetTable, KnowsNothingBeforeTheFirstCommit) {
  const OffsetTable offsets;
  EXPECT_EQ(offsets.Query("g", "t", 0), OffsetTable::kNone);
  EXPECT_EQ(offsets.Query("g", "t", -1), OffsetTable::kNone);
}

TEST(OffsetTable, KeepsTheLastCommitOfEveryQueueEvenIfItGoesBack) {
  OffsetTable offsets;
  offsets.Commit("g", "t", 0, 10);
  offsets.Commit("g", "t", 3, 7);
  offsets.Commit("g", "t", 0, 4);
  EXPECT_EQ(offsets.Query("g", "t", 0), 4);
  EXPECT_EQ(offsets.Query("g", "t", 3), 7);
  EXPECT_EQ(offsets.Query("g", "t", 1), OffsetTable::kNone);
}

TEST(OffsetTable, GivesOutEveryChangeOnce) {
  OffsetTable offsets;
  offsets.Commit("g", "t", 1, 5);
  EXPECT_THAT(offsets.TakeDirty(), ElementsAre(OffsetChange{"g", "t", 1, 5}));
  EXPECT_THAT(offsets.TakeDirty(), IsEmpty());
  offsets.Commit("g", "t", 1, 5);  // the same again
  EXPECT_THAT(offsets.TakeDirty(), IsEmpty());
}

TEST(OffsetTable, GivesOutAgainWhatCouldNotBeWrittenWithItsNewestValue) {
  OffsetTable offsets;
  offsets.Commit("g", "t", 1, 5);
  const auto taken = offsets.TakeDirty();
  offsets.Commit("g", "t", 1, 6);
  static_cast<void>(offsets.TakeDirty());
  offsets.MarkDirty(taken);
  EXPECT_THAT(offsets.TakeDirty(), ElementsAre(OffsetChange{"g", "t", 1, 6}));
}

TEST(OffsetTable, WhatIsRestoredIsNotDirty) {
  OffsetTable offsets;
  offsets.Restore({"g", "t", 2, 9});
  EXPECT_EQ(offsets.Query("g", "t", 2), 9);
  EXPECT_THAT(offsets.TakeDirty(), IsEmpty());
}

TEST(OffsetTable, AResetHidesCommitsUntilItIsTaken) {
  OffsetTable offsets;
  offsets.Commit("g", "t", 0, 100);
  offsets.Reset("g", "t", 0, 20);
  offsets.Commit("g", "t", 0, 101);
  EXPECT_EQ(offsets.Query("g", "t", 0), 20);
  EXPECT_EQ(offsets.TakeReset("g", "t", 0), 20);
  EXPECT_EQ(offsets.TakeReset("g", "t", 0), std::nullopt);
  offsets.Commit("g", "t", 0, 21);
  EXPECT_EQ(offsets.Query("g", "t", 0), 21);
}

TEST(OffsetTable, PullOffsetsAreNotCommits) {
  OffsetTable offsets;
  offsets.NotePull("g", "t", 0, 50);
  EXPECT_EQ(offsets.PullOffset("g", "t", 0), 50);
  EXPECT_EQ(offsets.Query("g", "t", 0), OffsetTable::kNone);
  EXPECT_THAT(offsets.GroupsOf("t"), IsEmpty());
  EXPECT_THAT(offsets.TakeDirty(), IsEmpty());
}

TEST(OffsetTable, ForgetsATopicOrAGroupAndSaysWhatWasThere) {
  OffsetTable offsets;
  offsets.Commit("g1", "t1", 0, 1);
  offsets.Commit("g1", "t2", 0, 1);
  offsets.Commit("g2", "t1", 0, 1);
  EXPECT_THAT(offsets.TopicsOf("g1"), UnorderedElementsAre("t1", "t2"));
  EXPECT_THAT(offsets.RemoveTopic("t1"),
              UnorderedElementsAre(testing::Pair("t1", "g1"), testing::Pair("t1", "g2")));
  EXPECT_THAT(offsets.RemoveGroup("g1"), ElementsAre(testing::Pair("t2", "g1")));
  EXPECT_THAT(offsets.All(), IsEmpty());
}

}  // namespace
}  // namespace comet::broker
