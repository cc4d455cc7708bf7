#include <comet/options.h>

#include <gtest/gtest.h>

namespace comet {
namespace {

using namespace std::chrono_literals;

TEST(ClientOptions, AreReadFromOneLine) {
  const auto options = ClientOptions::from_string(
      "namesrv=a:9876;b:9876,request_timeout=3s,connect_timeout=250ms,heartbeat_interval=2m,"
      "io_threads=2,vip_channel=true,name_space=blue");
  ASSERT_TRUE(options) << options.error().message();
  EXPECT_EQ(options->namesrv, "a:9876;b:9876");
  EXPECT_EQ(options->request_timeout, 3s);
  EXPECT_EQ(options->connect_timeout, 250ms);
  EXPECT_EQ(options->heartbeat_interval, 2min);
  EXPECT_EQ(options->io_threads, 2);
  EXPECT_TRUE(options->vip_channel);
  EXPECT_EQ(options->name_space, "blue");
  EXPECT_EQ(ClientOptions::from_string("")->request_timeout, ClientOptions().request_timeout);
}

TEST(ClientOptions, AnUnknownKeyIsAnErrorThatNamesTheNearest) {
  const auto options = ClientOptions::from_string("request_timout=3s");
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().code(), Errc::invalid_argument);
  EXPECT_EQ(options.error().message(),
            "unknown key 'request_timout'; the nearest is request_timeout");
  EXPECT_EQ(ClientOptions::from_string("zzz=1").error().message(), "unknown key 'zzz'");
}

TEST(ClientOptions, AValueOfTheWrongKindIsNamedWithWhatIsWanted) {
  EXPECT_EQ(ClientOptions::from_string("request_timeout=3").error().message(),
            "'request_timeout=3': request_timeout is a time such as 500ms, 3s or 2m");
  EXPECT_EQ(ClientOptions::from_string("io_threads=many").error().message(),
            "'io_threads=many': io_threads is a whole number");
  EXPECT_EQ(ClientOptions::from_string("vip_channel=1").error().message(),
            "'vip_channel=1': vip_channel is true or false");
  EXPECT_EQ(ClientOptions::from_string("namesrv").error().message(), "'namesrv' is not key=value");
}

}  // namespace
}  // namespace comet
