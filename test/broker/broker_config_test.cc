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

TEST(BrokerConfig, GivesMastersTheIdZeroAndSlavesAnother) {
  for (const auto role : {BrokerRole::kAsyncMaster, BrokerRole::kSyncMaster, BrokerRole::kSlave}) {
    for (const int id : {0, 1, 2}) {
      BrokerConfig config;
      config.role = role;
      config.id = id;
      EXPECT_EQ(config.Check().ok(), (id == 0) != config.is_slave()) << config.Check().ToString();
    }
  }
}

TEST(BrokerConfig, RefusesAMasterThatCannotBeDialled) {
  BrokerConfig config;
  config.ha_master_address = "10.0.0.1";
  EXPECT_THAT(config.Check().message(), HasSubstr("haMasterAddress: \"10.0.0.1\" is not allowed"));
}

TEST(BrokerConfig, KnowsSilenceFromAHeartbeatThatIsLate) {
  BrokerConfig config;
  config.ha_silence_max_ms = config.ha_heartbeat_ms;
  EXPECT_THAT(config.Check().message(), HasSubstr("more than haSendHeartbeatInterval"));
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
