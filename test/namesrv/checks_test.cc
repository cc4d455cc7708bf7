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
  EXPECT_EQ(CheckName("brokerName", std::string(kNameBytesMax + 1, 'a')).message(),
            "brokerName is longer than 255 bytes");
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
