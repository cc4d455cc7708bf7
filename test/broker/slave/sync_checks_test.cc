// What a slave does not take over from its master.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/slave/sync_groups.h"
#include "broker/slave/sync_progress.h"
#include "broker/slave/sync_topics.h"
#include "remoting/base/text.h"

namespace comet::broker {
namespace {

using testing::HasSubstr;

wire::TopicConfigTable Topics() {
  wire::TopicConfigTable table;
  table.topics["orders"].name = "orders";
  return table;
}

TEST(CheckTopics, NamesTheEntryThatIsWrong) {
  EXPECT_TRUE(CheckTopics(Topics()).ok());
  EXPECT_THAT(CheckTopics({}).message(), HasSubstr("no topic at all"));
  const auto wrong = [](auto&& change) {
    auto table = Topics();
    change(table.topics["orders"]);
    return CheckTopics(table).message();
  };
  EXPECT_THAT(wrong([](auto& topic) { topic.name = "other"; }), HasSubstr("'orders' says it is"));
  EXPECT_THAT(wrong([](auto& topic) { topic.read_queues = -1; }), HasSubstr("'orders' has -1"));
  EXPECT_THAT(wrong([](auto& topic) { topic.write_queues = 1 << 20; }), HasSubstr("'orders' has"));
  EXPECT_THAT(wrong([](auto& topic) { topic.perm = 64; }), HasSubstr("perm 64"));
}

// Each topic has a place in memory for each of its queues.
TEST(CheckTopics, BoundsTheQueuesOfAllTogether) {
  wire::TopicConfigTable table;
  for (int i = 0; i < 1000; ++i) {
    auto& topic = table.topics[Concat("topic", i)];
    topic.name = Concat("topic", i);
    topic.write_queues = 3000;
  }
  EXPECT_TRUE(CheckTopics(table).ok());
  for (auto& [name, topic] : table.topics) topic.write_queues = TopicTable::kQueuesPerTopicMax;
  EXPECT_THAT(CheckTopics(table).message(), HasSubstr("queues in all"));
}

// A master counts on from there.
TEST(SlaveChecks, RefuseVersionsThatCannotBeCountedOn) {
  for (const std::int64_t counter : {INT64_MAX, std::int64_t{-1}}) {
    auto topics = Topics();
    topics.data_version.counter = counter;
    EXPECT_THAT(CheckTopics(topics).message(), HasSubstr("version"));
    wire::SubscriptionGroupTable groups;
    groups.groups["readers"].name = "readers";
    groups.data_version.counter = counter;
    EXPECT_THAT(CheckGroups(groups).message(), HasSubstr("version"));
    wire::DelayOffsetTable delays;
    delays.data_version.emplace().counter = counter;
    EXPECT_THAT(CheckDelays(delays).message(), HasSubstr("version"));
  }
}

TEST(CheckGroups, BoundsTheForbiddenPulls) {
  wire::SubscriptionGroupTable table;
  table.groups["readers"].name = "readers";
  for (int i = 0; i <= 50'000; ++i) table.forbidden[Concat("group", i)];
  EXPECT_THAT(CheckGroups(table).message(), HasSubstr("50001"));
}

TEST(CheckGroups, NamesTheEntryThatIsWrong) {
  wire::SubscriptionGroupTable table;
  EXPECT_THAT(CheckGroups(table).message(), HasSubstr("no group at all"));
  table.groups["readers"].name = "readers";
  EXPECT_TRUE(CheckGroups(table).ok());
  table.groups["readers"].retry_queues = -2;
  EXPECT_THAT(CheckGroups(table).message(), HasSubstr("'readers' has -2"));
  table.groups["readers"].name = "writers";
  EXPECT_THAT(CheckGroups(table).message(), HasSubstr("'readers' says it is 'writers'"));
}

TEST(OffsetsOf, NamesTheEntryThatIsWrong) {
  wire::ConsumerOffsetTable table;
  table.offsets["orders@readers"] = {{0, 5}, {1, -1}};
  const auto offsets = OffsetsOf(table);
  ASSERT_TRUE(offsets.ok());
  ASSERT_EQ(offsets->size(), 1U);
  EXPECT_EQ(offsets->front(), (OffsetChange{"readers", "orders", 0, 5}));
  for (const std::string key : {"orders", "@readers", "orders@", "a/b@readers"}) {
    auto bad = table;
    bad.offsets[key] = {{0, 1}};
    EXPECT_FALSE(OffsetsOf(bad).ok()) << key;
  }
  for (const std::int32_t queue : {-1, 1 << 20}) {
    auto bad = table;
    bad.offsets["orders@readers"][queue] = 1;
    EXPECT_THAT(OffsetsOf(bad).error().message(), HasSubstr("'orders@readers'"));
  }
}

// Offsets are kept by queue id: 65,535 in each of many groups would be gigabytes.
TEST(OffsetsOf, BoundsWhatAllQueueIdsTogetherTake) {
  wire::ConsumerOffsetTable table;
  for (int i = 0; i < 20; ++i) table.offsets[Concat("orders@readers", i)][65'535] = 1;
  EXPECT_TRUE(OffsetsOf(table).ok());
  for (int i = 20; i < 1000; ++i) table.offsets[Concat("orders@readers", i)][65'535] = 1;
  EXPECT_THAT(OffsetsOf(table).error().message(), HasSubstr("queue ids"));
}

TEST(CheckDelays, NamesTheLevelThatIsWrong) {
  wire::DelayOffsetTable table;
  table.offsets = {{1, 0}, {18, 100}};
  EXPECT_TRUE(CheckDelays(table).ok());
  table.offsets[0] = 1;
  EXPECT_THAT(CheckDelays(table).message(), HasSubstr("delay level 0"));
  table.offsets = {{2, -1}};
  EXPECT_THAT(CheckDelays(table).message(), HasSubstr("delay level 2"));
}

}  // namespace
}  // namespace comet::broker
