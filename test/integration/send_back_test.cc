// What a consumer is told of a message that it gives back, when the disk is slow.

#include <atomic>
#include <future>
#include <string>

#include <gtest/gtest.h>

#include "broker_fixture.h"
#include "remoting/wire/requests/send_message_back.h"
#include "test/store/faulty_file_system.h"

namespace comet::broker {
namespace {

class SendBackTest : public BrokerTest {
 protected:
  SendBackTest() {
    options_.store.flush = store::FlushDiskType::kSync;
    options_.store.sync_flush_timeout_ms = 4000;
    disk_.before_sync = [this] {
      if (stuck_) gone_on_.wait();
    };
  }
  ~SendBackTest() override { StopBroker(); }  // before its disk

  std::atomic<bool> stuck_ = false;
  std::promise<void> go_on_;
  const std::shared_future<void> gone_on_ = go_on_.get_future().share();
  store::FaultyFileSystem disk_{files_};
};

TEST_F(SendBackTest, IsNoSuccessBeforeTheRetryIsOnTheDevice) {
  StartWith({.broker = options_.broker, .store = options_.store, .net = {}, .fs = disk_});
  wire::SendMessageBack::Header header;
  header.log_offset = Next("orders", Put("orders", "message")).log_offset;
  header.group = "consumers";
  header.delay_level = 1;
  ASSERT_EQ(Ask<wire::SendMessageBack>(header)->code, 0);

  stuck_ = true;
  const auto answer = Ask<wire::SendMessageBack>(header);
  EXPECT_EQ(answer->code, 1);
  EXPECT_EQ(answer->remark, "FLUSH_DISK_TIMEOUT");
  stuck_ = false;
  go_on_.set_value();
  EXPECT_EQ(Ask<wire::SendMessageBack>(header)->code, 0);
}

}  // namespace
}  // namespace comet::broker
