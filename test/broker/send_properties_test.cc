#include "broker/send_properties.h"

#include <string>

#include <gtest/gtest.h>

#include "remoting/wire/properties.h"

namespace comet::broker {
namespace {

const BrokerMarks kMarks{"DefaultRegion", true, "DefaultCluster"};
const std::string kMarksText =
    "MSG_REGION\x01"
    "DefaultRegion\x02TRACE_ON\x01true\x02"
    "CLUSTER\x01"
    "DefaultCluster\x02";

TEST(SendProperties, EveryMessageGetsTheBrokersMarks) {
  std::string stored = "left over";
  RewriteProperties("", kMarks, &stored);
  EXPECT_EQ(stored, kMarksText);
}

TEST(SendProperties, WhatTheClientSentStaysInItsOrder) {
  std::string stored;
  RewriteProperties("KEYS\x01k1 k2\x02TAGS\x01TagA", kMarks, &stored);
  EXPECT_EQ(stored, "KEYS\x01k1 k2\x02TAGS\x01TagA\x02" + kMarksText);
}

TEST(SendProperties, MarksOfAnotherBrokerAreReplaced) {
  std::string stored;
  RewriteProperties(
      "CLUSTER\x01other\x02MSG_REGION\x01r\x02TRACE_ON\x01"
      "false\x02",
      kMarks, &stored);
  EXPECT_EQ(stored, kMarksText);
}

TEST(SendProperties, APopCheckpointIsNotStored) {
  std::string stored;
  RewriteProperties("POP_CK\x01x\x02u\x01v\x02", kMarks, &stored);
  EXPECT_EQ(stored, "u\x01v\x02" + kMarksText);
}

TEST(SendProperties, WhatStandsAroundADroppedPartIsKept) {
  std::string stored;
  RewriteProperties(
      "a\x01x\x02u\x01v\x02POP_CK\x01x\x02"
      "b\x01y\x01z\x02nothing\x02w\x01t",
      kMarks, &stored);
  EXPECT_EQ(stored,
            "a\x01x\x02u\x01v\x02"
            "b\x01y\x01z\x02w\x01t\x02" +
                kMarksText);
}

TEST(SendProperties, PartsThatAreNoPropertiesAreDropped) {
  std::string stored;
  RewriteProperties("novalue\x02\x02\x01x\x02u\x01v\x02", kMarks, &stored);
  EXPECT_EQ(stored, "u\x01v\x02" + kMarksText);
}

TEST(SendProperties, FactsAreReadOnTheWay) {
  std::string stored;
  const std::string sent =
      "UNIQ_KEY\x01"
      "7F0001\x02"
      "DELAY\x01"
      "3\x02TRAN_MSG\x01true\x02WAIT\x01"
      "false\x02TIMER_DELAY_SEC\x01"
      "5\x02RETRY_TOPIC\x01orders\x02";
  const auto facts = RewriteProperties(sent, kMarks, &stored);
  EXPECT_EQ(facts.unique_key, "7F0001");
  EXPECT_EQ(facts.delay, "3");
  EXPECT_EQ(facts.retry_topic, "orders");
  EXPECT_TRUE(facts.transaction);
  EXPECT_TRUE(facts.timer);
  EXPECT_FALSE(facts.wait_store);
  EXPECT_FALSE(facts.inner_batch);
}

TEST(SendProperties, ADelayIsANumberOrNothing) {
  EXPECT_EQ(ParseDelay("18"), 18);
  EXPECT_EQ(ParseDelay("-1"), -1);
  EXPECT_EQ(ParseDelay("3x"), std::nullopt);
  EXPECT_EQ(ParseDelay(""), std::nullopt);
}

}  // namespace
}  // namespace comet::broker
