#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "namesrv/namesrv.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/requests/update_namesrv_config.h"
#include "remoting/wire/response_code.h"
#include "test/base/temp_directory.h"
#include "test/base/whole_file.h"

namespace comet::namesrv {
namespace {

// A name server that was started with a file, and an administrator.
class NamesrvSettingsFile : public testing::Test {
 protected:
  NamesrvSettingsFile() {
    NamesrvConfig config;
    config.bind_address = "127.0.0.1";
    config.listen_port = 0;
    config.kv_config_path = directory_ / "kvConfig.json";
    config.config_store_path = path_;
    EXPECT_TRUE(WriteFileAtomically(fs_, path_, kWritten).ok());
    auto started = Namesrv::Start(config, fs_, SystemClock());
    EXPECT_TRUE(started.ok()) << started.error().ToString();
    namesrv_ = started.Take();
    loops_.Start();
    client_ = net::Client::Create(loops_, Concat("127.0.0.1:", namesrv_->port()));
  }
  ~NamesrvSettingsFile() override { client_->Close(); }

  std::int32_t Change(std::string_view lines) {
    const auto answer = client_->CallAndWait<wire::UpdateNamesrvConfig>(
        {}, lines, {.timeout = std::chrono::seconds(30)});
    EXPECT_TRUE(answer.ok()) << (answer.ok() ? "" : answer.error().ToString());
    return answer.ok() ? (*answer)->code : -1;
  }
  std::string File(std::string_view ending = "") { return ReadWholeFile(Concat(path_, ending)); }

  static constexpr std::string_view kWritten =
      "# of our two in Paris\nlistenPort=0\nnetFrameBytesMax=8388608\norderMessageEnable=false\n"
      "serverWorkerThreads=8\n";

  TempDirectory directory_;
  const std::string path_ = directory_ / "namesrv.conf";
  PosixFileSystem fs_;
  std::unique_ptr<Namesrv> namesrv_;
  net::LoopGroup loops_;
  std::shared_ptr<net::Client> client_;
};

TEST_F(NamesrvSettingsFile, AChangeLeavesEverythingElseAsItIs) {
  ASSERT_EQ(Change("orderMessageEnable=true\nenableAllTopicList=false\n"),
            wire::ResponseCode::kSuccess);
  EXPECT_EQ(File(),
            "# of our two in Paris\nlistenPort=0\nnetFrameBytesMax=8388608\n"
            "orderMessageEnable=true\nserverWorkerThreads=8\nenableAllTopicList=false\n");
  EXPECT_EQ(File(".bak"), kWritten);
}

TEST_F(NamesrvSettingsFile, WhatChangesNothingIsNotWritten) {
  ASSERT_EQ(Change("orderMessageEnable=false\nserverWorkerThreads=16\n"),
            wire::ResponseCode::kSuccess);
  EXPECT_EQ(File(), kWritten);
  EXPECT_FALSE(fs_.Exists(path_ + ".bak").Take());
}

TEST_F(NamesrvSettingsFile, ARefusedChangeIsNotWritten) {
  EXPECT_EQ(Change("orderMessageEnable=true\nnobodyKnowsThis=1\n"),
            wire::ResponseCode::kInvalidParameter);
  EXPECT_EQ(File(), kWritten);
}

}  // namespace
}  // namespace comet::namesrv
