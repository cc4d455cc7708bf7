#include <comet/message.h>

#include <gtest/gtest.h>

namespace comet {
namespace {

TEST(Message, KeysAddUpAndTagsReplace) {
  Message message("orders", "x");
  message.key("a").key("b").tag("t1").tag("t2");
  EXPECT_EQ(message.keys(), "a b");
  EXPECT_EQ(message.tag(), "t2");
}

TEST(Message, ANameOfTheProtocolIsRefusedAsAProperty) {
  Message message("orders", "x");
  message.property("UNIQ_KEY", "mine");
  const auto legal = message.validate();
  ASSERT_FALSE(legal);
  EXPECT_EQ(legal.error().code(), Errc::invalid_argument);
}

TEST(Message, WhatBrokersAndRetriesWriteIsRefusedToo) {
  for (const char* name : {"RECONSUME_TIME", "MAX_RECONSUME_TIMES", "DLQ_ORIGIN_TOPIC", "CLUSTER",
                           "MSG_REGION", "TRACE_ON", "__transactionId__", "INSTANCE_ID"}) {
    Message message("orders", "x");
    message.property(name, "mine");
    EXPECT_EQ(message.validate().error().code(), Errc::invalid_argument) << name;
  }
}

TEST(Message, ASeparatorInAPropertyIsRefused) {
  Message message("orders", "x");
  message.property("name", std::string("a\x01") + "b");
  EXPECT_FALSE(message.validate());
}

TEST(Message, LimitsAreNamed) {
  EXPECT_FALSE(Message("", "x").validate());
  EXPECT_FALSE(Message("bad topic", "x").validate());
  EXPECT_FALSE(Message("orders", "").validate());
  const auto large = Message("orders", std::string(11, 'x')).validate(10);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code(), Errc::message_too_large);
  EXPECT_EQ(large.error().message(),
            "the message is illegal, maybe msg body or properties length not matched. msg body "
            "length limit 10B, msg properties length limit 32KB. This body has 11 bytes.");
  Message wide("orders", "x");
  wide.property("p", std::string(33000, 'x'));
  EXPECT_EQ(wide.validate().error().code(), Errc::message_too_large);
}

TEST(Message, NobodySendsToTheDelayTopic) {
  EXPECT_EQ(Message("SCHEDULE_TOPIC_XXXX", "x").validate().error().code(), Errc::forbidden);
}

}  // namespace
}  // namespace comet
