#include "namesrv/checks.h"

#include <string>

#include <gtest/gtest.h>

#include "namesrv/limits.h"

namespace comet::namesrv {
namespace {

TEST(CheckName, AcceptsWhatBrokersAreCalled) {
  for (const char* name : {"broker-a", "DefaultCluster", "b_0.eu", "経路"}) {
    EXPECT_TRUE(CheckName("brokerName", name).ok()) << name;
  }
}

TEST(CheckName, RefusesWhatWouldBreakARoute) {
  EXPECT_EQ(CheckName("brokerName", "").message(), "brokerName is empty");
  EXPECT_EQ(CheckName("brokerName", "a\"b").message(), "brokerName contains the character '\"'");
  EXPECT_EQ(CheckName("clusterName", "a\nb").message(), "clusterName contains a control character");
  EXPECT_FALSE(CheckName("brokerName", "../etc").ok());
  EXPECT_EQ(CheckName("brokerName", "..").message(), "brokerName begins with a dot");
  EXPECT_EQ(CheckName("brokerName", "na\xefve").message(), "brokerName is not UTF-8");
  EXPECT_EQ(CheckName("brokerName", std::string(kNameBytesMax + 1, 'a')).message(),
            "brokerName is longer than 255 bytes");
}

TEST(CheckTopic, AcceptsWhatBrokersRegister) {
  for (const char* topic :
       {"orders", "%RETRY%group", "%DLQ%group", "TBW102", "SCHEDULE_TOPIC_XXXX", "a|b",
        "RMQ_SYS_TRACE_TOPIC", "rmq_sys_SYNC_BROKER_MEMBER_broker-a.example.com",
        "DefaultCluster_REPLY_TOPIC", "MQ_INST_1%orders", "%RETRY%group+orders", "%LMQ%$up$down"}) {
    EXPECT_TRUE(CheckTopic(topic).ok()) << topic;
  }
  EXPECT_TRUE(CheckTopic("%RETRY%" + std::string(255, 'g') + "+" + std::string(127, 't')).ok());
}

TEST(CheckTopic, RefusesPathsAndWhatIsNoName) {
  for (const char* topic : {"", " ", ".", "..", "../x", "a/b", "/etc", "a\\b", "a b", "a:b", "a\nb",
                            "a\"b", "$(x)", "{}", "%RETRY%../x", "na\xc3\xafve", "a;b"}) {
    EXPECT_FALSE(CheckTopic(topic).ok()) << topic;
  }
  EXPECT_FALSE(CheckTopic(std::string("a\0b", 3)).ok());
  EXPECT_EQ(CheckTopic(std::string(kTopicBytesMax + 1, 'a')).message(),
            "topic is longer than 512 bytes");
}

TEST(CheckAddress, AcceptsHostsOfEveryKind) {
  for (const char* address :
       {"10.0.0.1:10911", "broker-a.example:1", "[::1]:10911", "localhost:65535"}) {
    EXPECT_TRUE(CheckAddress("brokerAddr", address).ok()) << address;
  }
}

TEST(CheckAddress, RefusesWhatNoClientCanDial) {
  for (const char* address : {"", "10.0.0.1", ":10911", "10.0.0.1:", "10.0.0.1:0", "h:65536",
                              "h:1x", "::1:10911", "h:1,i:2", "h 1:2", "{0:1}:1"}) {
    EXPECT_FALSE(CheckAddress("brokerAddr", address).ok()) << address;
  }
}

}  // namespace
}  // namespace comet::namesrv
