#include "remoting/wire/names.h"

#include <gtest/gtest.h>

#include "remoting/wire/response_code.h"

namespace comet::wire {
namespace {

TEST(Names, TopicsAreCheckedWithRocketMqsRemarks) {
  EXPECT_TRUE(CheckTopicName("%RETRY%group-1_a|b").ok());
  EXPECT_TRUE(CheckTopicName(std::string(127, 't')).ok());
  EXPECT_EQ(CheckTopicName("").message(), "The specified topic is blank.");
  EXPECT_EQ(CheckTopicName(" \t").message(), "The specified topic is blank.");
  EXPECT_EQ(CheckTopicName("a b").message(),
            "The specified topic contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$");
  EXPECT_EQ(CheckTopicName(std::string(128, 't')).message(),
            "The specified topic is longer than topic max length.");
}

TEST(Names, NoLegalNameIsAPath) {
  for (const char* name : {"..", "a/b", "/", "a\\b", ".", "a\n", "\xC3\xA9"}) {
    EXPECT_FALSE(CheckTopicName(name).ok()) << name;
    EXPECT_FALSE(CheckGroupName(name).ok()) << name;
  }
  EXPECT_FALSE(CheckTopicName(std::string_view("a\0b", 3)).ok());
}

TEST(Names, GroupsAreShorterThanTopics) {
  EXPECT_TRUE(CheckGroupName(std::string(120, 'g')).ok());
  EXPECT_FALSE(CheckGroupName(std::string(121, 'g')).ok());
  EXPECT_EQ(CheckGroupName("").message(), "The specified group is blank.");
  EXPECT_TRUE(CheckTopicName(RetryTopicOf(std::string(120, 'g'))).ok());
  EXPECT_TRUE(CheckTopicName(DlqTopicOf(std::string(120, 'g'))).ok());
}

TEST(Names, RetryAndDeadLetterTopicsNameTheirGroup) {
  EXPECT_EQ(RetryTopicOf("g"), "%RETRY%g");
  EXPECT_EQ(DlqTopicOf("g"), "%DLQ%g");
  EXPECT_EQ(GroupOfTopic("%RETRY%g"), "g");
  EXPECT_EQ(GroupOfTopic("%DLQ%g"), "g");
  EXPECT_EQ(GroupOfTopic("t"), "t");
}

TEST(Names, SystemTopicsAreKnown) {
  EXPECT_TRUE(IsSystemTopic("TBW102"));
  EXPECT_TRUE(IsSystemTopic("rmq_sys_anything"));
  EXPECT_FALSE(IsSystemTopic("Topic"));
  EXPECT_FALSE(IsSystemTopic(""));
  EXPECT_TRUE(IsForbiddenToSend("SCHEDULE_TOPIC_XXXX"));
  EXPECT_FALSE(IsForbiddenToSend("TBW102"));
  EXPECT_TRUE(IsSystemGroup("CID_RMQ_SYS_TRANS"));
  EXPECT_FALSE(IsSystemGroup("g"));
}

TEST(Names, IdsAreBoundedAndPrintable) {
  EXPECT_TRUE(CheckId("clientId", "10.0.0.1@123#456").ok());
  EXPECT_EQ(CheckId("clientId", "").message(), "The clientId is blank.");
  EXPECT_FALSE(CheckId("clientId", std::string(256, 'c')).ok());
  EXPECT_FALSE(CheckId("clientId", "a\nb").ok());
}

TEST(ResponseCodes, HaveNames) {
  EXPECT_EQ(ResponseCodeName(ResponseCode::kTopicNotExist), "TOPIC_NOT_EXIST");
  EXPECT_EQ(ResponseCodeName(99), "UNKNOWN");
  EXPECT_EQ(ResponseCodes().front().code, 0);
}

}  // namespace
}  // namespace comet::wire
