#include "broker/slave/offset_follower.h"

#include <gtest/gtest.h>

namespace comet::broker {
namespace {

// One queue of a slave: what the master tells of it, and what clients commit to the slave.
class OffsetFollowerTest : public testing::Test {
 protected:
  void Told(std::int64_t offset) {
    EXPECT_TRUE(follower_.Follow({{"group", "topic", 3, offset}}).ok());
  }
  void ToldOfOthers() { EXPECT_TRUE(follower_.Follow({{"others", "topic", 3, 7}}).ok()); }
  void CommitHere(std::int64_t offset) { offsets_.Commit("group", "topic", 3, offset); }
  std::int64_t Offset() const { return offsets_.Query("group", "topic", 3); }

  OffsetTable offsets_;
  OffsetFollower follower_{offsets_};
};

TEST_F(OffsetFollowerTest, TheMastersProgressIsTaken) {
  Told(10);
  EXPECT_EQ(Offset(), 10);
  Told(25);
  EXPECT_EQ(Offset(), 25);
  EXPECT_EQ(offsets_.TakeDirty().size(), 1U);  // and will be kept
  Told(25);
  EXPECT_TRUE(offsets_.TakeDirty().empty());
}

TEST_F(OffsetFollowerTest, AResetComesThrough) {
  Told(100);
  Told(40);
  EXPECT_EQ(Offset(), 40);
}

// Its topic, or its group, was deleted and made anew since.
TEST_F(OffsetFollowerTest, WhatComesAfterTheMasterHadNoneIsAReset) {
  Told(100);
  ToldOfOthers();
  ToldOfOthers();
  EXPECT_EQ(Offset(), 100);
  Told(5);
  EXPECT_EQ(Offset(), 5);
  Told(6);
  EXPECT_EQ(Offset(), 6);
}

TEST_F(OffsetFollowerTest, WhatWasCommittedHereOutlivesAMasterThatHasLostIt) {
  Told(100);
  follower_.Interrupted();
  CommitHere(150);
  ToldOfOthers();
  Told(120);
  EXPECT_EQ(Offset(), 150);
}

TEST_F(OffsetFollowerTest, AResetComesThroughOverACommitAcceptedHere) {
  Told(100);
  CommitHere(150);
  Told(100);
  EXPECT_EQ(Offset(), 150);
  Told(40);
  EXPECT_EQ(Offset(), 40);
}

TEST_F(OffsetFollowerTest, WhatWasCommittedHereIsNotTakenBackByWhatTheMasterKnewBefore) {
  Told(100);
  follower_.Interrupted();
  CommitHere(150);
  Told(100);
  EXPECT_EQ(Offset(), 150);
  Told(120);  // its consumers go on from there
  EXPECT_EQ(Offset(), 150);
  Told(160);
  EXPECT_EQ(Offset(), 160);
}

TEST_F(OffsetFollowerTest, WhatWasCommittedHereIsNotTakenBackByAMasterThatLostItsLastCommits) {
  Told(100);
  follower_.Interrupted();
  CommitHere(150);
  Told(90);
  EXPECT_EQ(Offset(), 150);
  Told(90);
  EXPECT_EQ(Offset(), 150);
  Told(30);  // a reset: it was there all the time
  EXPECT_EQ(Offset(), 30);
}

TEST_F(OffsetFollowerTest, WhatCameFromTheMasterIsTheMastersToTakeBack) {
  Told(100);
  follower_.Interrupted();
  Told(60);
  EXPECT_EQ(Offset(), 60);
}

TEST_F(OffsetFollowerTest, AfterAStartTheLargerOneHolds) {
  offsets_.Restore({"group", "topic", 3, 70});
  Told(50);
  EXPECT_EQ(Offset(), 70);
  Told(71);
  EXPECT_EQ(Offset(), 71);
}

TEST_F(OffsetFollowerTest, WhatTheMasterDoesNotTellOfStays) {
  Told(10);
  EXPECT_TRUE(follower_.Follow({}).ok());
  EXPECT_EQ(Offset(), 10);
}

// Of a master that tells of other groups each time.
TEST_F(OffsetFollowerTest, TheTableDoesNotGrowWithoutEnd) {
  OffsetFollower follower(offsets_, 100);
  EXPECT_TRUE(follower.Follow({{"a", "topic", 99, 1}}).ok());
  EXPECT_TRUE(follower.Follow({{"b", "topic", 9, 1}}).ok());
  EXPECT_EQ(offsets_.places(), 110);
  EXPECT_EQ(follower.Follow({{"c", "topic", 0, 1}}).code(), Status::Code::kFull);
  EXPECT_EQ(offsets_.Query("c", "topic", 0), OffsetTable::kNone);
  offsets_.RemoveGroup("a");
  EXPECT_EQ(offsets_.places(), 10);
  EXPECT_TRUE(follower.Follow({{"c", "topic", 0, 1}}).ok());
}

}  // namespace
}  // namespace comet::broker
