#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "broker/broker.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/record_reader.h"
#include "remoting/wire/requests/pull_message.h"
#include "remoting/wire/requests/send_message.h"
#include "test/base/temp_directory.h"

namespace comet::broker {

// A message as a consumer sees it.
struct Received {
  std::string topic, body, properties;
  std::int32_t queue_id = 0, reconsume_times = 0;
  std::int64_t queue_offset = 0, log_offset = 0;

  std::string Property(std::string_view name) const;  // "" when it is not there
};

// A broker on free ports with a store of its own, and a client that speaks its protocol.
class BrokerTest : public testing::Test {
 protected:
  BrokerTest();
  ~BrokerTest() override;

  BrokerOptions Options() const;
  void Start();  // with options_
  void StartWith(const BrokerOptions& options);
  void StopBroker();  // in order
  void Restart() {
    StopBroker();
    Start();
  }
  net::Client& client() { return *client_; }

  using SendHeader = wire::SendMessage::Header;
  static SendHeader SendTo(std::string_view topic, std::int32_t queue_id = 0);
  net::OwnedAnswer<wire::SendMessage> Send(const SendHeader& header, std::string_view body,
                                           std::int32_t code = 310);
  // Until every stored message is in its queue.
  void AwaitDispatch();
  // Sends, expects success and returns the queue offset.
  std::int64_t Put(std::string_view topic, std::string_view body, std::string_view properties = {});

  using PullHeader = wire::PullMessage::Header;
  static PullHeader PullFrom(std::string_view topic, std::int64_t offset,
                             std::int32_t queue_id = 0);
  net::OwnedAnswer<wire::PullMessage> Pull(const PullHeader& header);
  // Waits at the end of the queue until a message comes.
  Received Next(std::string_view topic, std::int64_t offset, std::int32_t queue_id = 0);
  static std::vector<Received> Records(std::string_view body);

  // Any other request.
  template <wire::Request R>
  net::OwnedAnswer<R> Ask(const typename R::Header& header, std::string_view body = {}) {
    auto answer = client().CallAndWait<R>(header, body, {.timeout = kTimeout});
    EXPECT_TRUE(answer.ok()) << (answer.ok() ? "" : answer.error().ToString());
    return answer.Take();
  }

  static constexpr auto kTimeout = std::chrono::seconds(30);

  TempDirectory directory_;
  PosixFileSystem files_;
  BrokerOptions options_;
  std::unique_ptr<Broker> broker_;
  std::unique_ptr<net::LoopGroup> client_loops_;
  std::shared_ptr<net::Client> client_;
};

}  // namespace comet::broker
