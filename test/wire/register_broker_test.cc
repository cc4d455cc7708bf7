#include "remoting/wire/bodies/register_broker.h"

#include <gtest/gtest.h>

#include "remoting/base/bytes.h"
#include "remoting/base/crc32.h"
#include "remoting/base/describe_json.h"

namespace comet::wire {
namespace {

RegisterBrokerBody SampleBroker() {
  RegisterBrokerBody body;
  body.topics.data_version = {0, 1700000000000, 3};
  TopicConfig topic;
  topic.name = "TopicA";
  topic.read_queues = 8;
  topic.write_queues = 4;
  topic.attributes = {{"message.type", "FIFO"}};
  body.topics.topics["TopicA"] = topic;
  topic.name = "%RETRY%g";
  topic.perm = perm::kRead;
  topic.filter_type = TopicFilterType::kMultiTag;
  topic.attributes.clear();
  body.topics.topics["%RETRY%g"] = topic;
  body.filter_servers = {"10.0.0.1:1"};
  return body;
}

TEST(RegisterBroker, BothFormsCarryTheTopics) {
  const auto body = SampleBroker();
  const std::string plain = ToJson(body);
  for (const std::string& bytes : {plain, CompressRegisterBroker(body, false)}) {
    const auto read = DecodeRegisterBroker(bytes, bytes != plain, BodyCrc32(bytes));
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(read->topics.topics, body.topics.topics);
    EXPECT_EQ(read->topics.data_version, body.topics.data_version);
    EXPECT_EQ(read->filter_servers, body.filter_servers);
  }
}

TEST(RegisterBroker, MappingsOfStaticTopicsPassThrough) {
  auto body = SampleBroker();
  body.topics.mapping_infos =
      ParseJson(R"({"S":{"bname":"b","topic":"S","totalQueues":2}})").Take();
  const auto read = DecodeRegisterBroker(CompressRegisterBroker(body, true), true, 0);
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(read->topics.mapping_infos, body.topics.mapping_infos);
}

TEST(RegisterBroker, AZlibStreamIsKnownWithoutTheFlag) {
  EXPECT_TRUE(DecodeRegisterBroker(CompressRegisterBroker(SampleBroker(), true), false, 0).ok());
}

TEST(RegisterBroker, AnEmptyBodyHasNoTopics) {
  const auto read = DecodeRegisterBroker("", false, 0);
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->topics.topics.empty());
  EXPECT_EQ(read->topics.data_version, DataVersion());
}

TEST(RegisterBroker, AWrongCrcIsRefused) {
  const auto bytes = ToJson(SampleBroker());
  EXPECT_EQ(DecodeRegisterBroker(bytes, false, BodyCrc32(bytes) ^ 1).error().message(),
            "crc32 not match");
}

TEST(RegisterBroker, EveryCutOfAStreamIsRefused) {
  const auto bytes = CompressRegisterBroker(SampleBroker(), true);
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    ASSERT_FALSE(DecodeRegisterBroker(bytes.substr(0, size), true, 0).ok()) << size;
  }
}

TEST(RegisterBroker, DamagedContentIsRefused) {
  auto body = SampleBroker();
  body.topics.topics["TopicA"].name = "Topic A";  // a blank shifts the words
  body.topics.topics["Topic A"] = body.topics.topics["TopicA"];
  EXPECT_EQ(DecodeRegisterBroker(CompressRegisterBroker(body, false), true, 0).error().message(),
            "compressed broker registration: malformed topic 1");
}

TEST(RegisterBroker, InflatedSizeIsBounded) {
  RegisterBrokerBody bomb;
  bomb.filter_servers = {std::string(80 << 20, 'a')};
  const auto bytes = CompressRegisterBroker(bomb, false);
  EXPECT_LT(bytes.size(), 200U << 10);
  EXPECT_EQ(DecodeRegisterBroker(bytes, true, 0).error().message(),
            "compressed broker registration: too large");
}

}  // namespace
}  // namespace comet::wire
