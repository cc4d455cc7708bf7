#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "namesrv/namesrv.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/bodies/register_broker.h"
#include "remoting/wire/requests/register_broker.h"
#include "test/base/temp_directory.h"

namespace comet::namesrv {

// A name server on a free port, and those who talk to it.
class NamesrvTest : public testing::Test {
 protected:
  NamesrvTest() {
    config_.bind_address = "127.0.0.1";
    config_.listen_port = 0;
    config_.kv_config_path = directory_ / "kvConfig.json";
    loops_.Start();
  }
  ~NamesrvTest() override {
    loops_.Stop();
    namesrv_.reset();
  }
  void Start(Clock& clock = SystemClock()) {
    namesrv_ = Namesrv::Start(config_, files_, clock).Take();
  }
  std::shared_ptr<net::Client> Connect(net::ClientOptions options = {}) {
    return net::Client::Create(loops_, "127.0.0.1:" + std::to_string(namesrv_->port()),
                               std::move(options));
  }

  template <wire::Request R>
  static net::OwnedAnswer<R> Ask(net::Client& client, const typename R::Header& header,
                                 std::string_view body = {}) {
    auto answer = client.CallAndWait<R>(header, body, {.timeout = std::chrono::seconds(30)});
    EXPECT_TRUE(answer.ok()) << (answer.ok() ? "" : answer.error().ToString());
    return answer.Take();
  }

  static wire::RegisterBroker::Header Broker(std::string_view name = "broker-a.example.com",
                                             std::string_view address = "10.0.0.1:10911") {
    wire::RegisterBroker::Header header;
    header.broker_name = name;
    header.broker_addr = address;
    header.cluster_name = "DefaultCluster";
    header.ha_addr = "10.0.0.1:10912";
    return header;
  }

  TempDirectory directory_;
  PosixFileSystem files_;
  NamesrvConfig config_;
  std::unique_ptr<Namesrv> namesrv_;
  net::LoopGroup loops_;
};

}  // namespace comet::namesrv
