// Two brokers, as processes, on one store.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker_process.h"
#include "remoting/base/text.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/requests/send_message.h"
#include "test/base/temp_directory.h"

namespace comet::broker {
namespace {

using testing::HasSubstr;

class StoreLock : public testing::Test {
 protected:
  StoreLock() { loops_.Start(); }
  ~StoreLock() override { loops_.Stop(); }

  std::vector<std::string> Settings() const {
    return {"listenPort=0", "brokerIP1=127.0.0.1", "bindAddress=127.0.0.1",
            "mappedFileSizeCommitLog=4194304",
            Concat("storePathRootDir=", directory_.path(), "/store")};
  }
  // Returns the queue offset, -1 when it was refused.
  std::int64_t Send(const BrokerProcess& broker) {
    const auto client = net::Client::Create(loops_, Concat("127.0.0.1:", broker.port()));
    wire::SendMessage::Header header;
    header.producer_group = "producers";
    header.topic = "orders";
    header.default_topic = "TBW102";
    header.default_topic_queues = 1;
    header.queue_id = 0;
    const auto answer =
        client->CallAndWait<wire::SendMessage>(header, "x", {.timeout = std::chrono::seconds(30)});
    return answer.ok() && (*answer)->ok() ? (*answer)->reply.queue_offset : -1;
  }

  TempDirectory directory_;
  net::LoopGroup loops_;
};

TEST_F(StoreLock, RefusesASecondBrokerAndTheFirstServesOn) {
  BrokerProcess first(Settings(), directory_.path());
  ASSERT_TRUE(first.Start());
  EXPECT_EQ(Send(first), 0);

  BrokerProcess second(Settings(), directory_.path());
  testing::internal::CaptureStderr();
  const bool started = second.Start();
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_FALSE(started);
  EXPECT_EQ(second.exit_code(), 1);
  EXPECT_THAT(said, HasSubstr("mqbroker did not start: "));
  EXPECT_THAT(said, HasSubstr(Concat(directory_.path(), "/store/lock")));
  EXPECT_THAT(said, HasSubstr("held by another process"));

  EXPECT_EQ(Send(first), 1);
}

TEST_F(StoreLock, GoesWithABrokerThatIsKilled) {
  BrokerProcess first(Settings(), directory_.path());
  ASSERT_TRUE(first.Start());
  EXPECT_EQ(Send(first), 0);
  first.Kill();
  BrokerProcess second(Settings(), directory_.path());
  ASSERT_TRUE(second.Start());
  EXPECT_EQ(Send(second), 1);
}

}  // namespace
}  // namespace comet::broker
