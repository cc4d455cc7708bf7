#include "remoting/net/net_settings.h"

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/config_file.h"

namespace comet::net {
namespace {

using testing::HasSubstr;

Status Apply(std::string_view text, NetSettings* settings) {
  const auto report =
      ApplyConfig(ParseJavaProperties(text, "broker.conf").Take(), std::array{PartOf(*settings)});
  return report.ok() ? Status() : report.error().Clone();
}

TEST(NetSettings, HaveDefaultsThatTheyAllow) {
  NetSettings settings;
  const auto text = PrintConfig(std::array{PartOf(settings)});
  EXPECT_TRUE(Apply(text, &settings).ok());
  EXPECT_TRUE(settings.Check().ok());
}

TEST(NetSettings, ReachTheLimitTheyName) {
  NetSettings settings;
  const auto status = Apply(
      "serverChannelMaxIdleTimeSeconds=30\nserverSocketBacklog=50\nnetConnectionsPerLoopMax=7\n"
      "netFrameBytesMax=65536\nnetFrameTimeoutSeconds=5\nnetOutputTimeoutSeconds=6\n"
      "netOutputHighWaterBytes=8192\nnetOutputLimitBytes=131072\nnetUnansweredMax=9\n"
      "netLoopMemoryBytes=1048576\n",
      &settings);
  ASSERT_TRUE(status.ok()) << status.ToString();
  EXPECT_EQ(settings.idle_close_s, 30);
  EXPECT_EQ(settings.listen_backlog, 50);
  EXPECT_EQ(settings.connections_per_loop_max, 7);
  EXPECT_EQ(settings.max_frame_bytes, 65536);
  EXPECT_EQ(settings.frame_timeout_s, 5);
  EXPECT_EQ(settings.output_timeout_s, 6);
  EXPECT_EQ(settings.output_high_water, 8192);
  EXPECT_EQ(settings.output_limit_bytes, 131072);
  EXPECT_EQ(settings.unanswered_max, 9);
  EXPECT_EQ(settings.loop_memory_bytes, 1048576);
}

TEST(NetSettings, RefuseALimitBelowTheHighWater) {
  NetSettings settings;
  EXPECT_THAT(
      Apply("netOutputHighWaterBytes=1048576\nnetOutputLimitBytes=65536\n", &settings).message(),
      HasSubstr("netOutputLimitBytes"));
}

}  // namespace
}  // namespace comet::net
