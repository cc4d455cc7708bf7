#include "broker/broker_config.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace comet::broker {
namespace {

using testing::HasSubstr;

TEST(BrokerConfig, AsItIsCanBeRun) {
  EXPECT_TRUE(BrokerConfig().Check().ok());
}

TEST(BrokerConfig, RefusesRolesThatPromiseACopy) {
  for (const char* role : {"SLAVE", "SYNC_MASTER"}) {
    BrokerConfig config;
    config.role = role;
    const auto status = config.Check();
    EXPECT_EQ(status.code(), Status::Code::kInvalid);
    EXPECT_THAT(status.message(), HasSubstr("replication is not built in")) << role;
  }
}

TEST(BrokerConfig, RefusesNamesThatAreNoTopicNames) {
  for (const auto field : {&BrokerConfig::name, &BrokerConfig::cluster}) {
    BrokerConfig config;
    config.*field = "../up";
    EXPECT_THAT(config.Check().message(), HasSubstr("only letters, digits, _ and -"));
  }
}

TEST(BrokerConfig, RefusesAPortWithoutRoomForTheOneTwoBelow) {
  BrokerConfig config;
  config.listen_port = 2;
  EXPECT_THAT(config.Check().message(), HasSubstr("listenPort"));
}

TEST(BrokerConfig, TakesNameAndAddressesFromTheMachine) {
  BrokerConfig config;
  CompleteFromMachine(&config);
  EXPECT_FALSE(config.name.empty());
  EXPECT_FALSE(config.ip1.empty());
  EXPECT_FALSE(config.ip2.empty());
  EXPECT_TRUE(config.Check().ok());
}

}  // namespace
}  // namespace comet::broker
