#include "sdk/src/name_servers.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "test/base/temp_directory.h"

namespace comet::client {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class NameServersTest : public testing::Test {
 protected:
  // Each version looks a minute younger than the one before.
  void Write(const std::string& text) {
    std::ofstream(path_) << text;
    std::filesystem::last_write_time(
        path_, std::filesystem::file_time_type::clock::now() + std::chrono::minutes(++versions_));
  }
  ClientOptions FromFile() const {
    ClientOptions options;
    options.namesrv_file = path_;
    return options;
  }

  const TempDirectory directory_;
  const std::string path_ = directory_ / "namesrv";
  int versions_ = 0;
};

TEST_F(NameServersTest, AnOptionComesBeforeTheFileAndTheFileBeforeTheEnvironment) {
  ::setenv("NAMESRV_ADDR", "c:1;c:2", 1);
  EXPECT_THAT(*NameServers(ClientOptions()).Load(), ElementsAre("c:1", "c:2"));
  Write("b:1\nb:2;b:3  # spare\n# none here\n");
  EXPECT_THAT(*NameServers(FromFile()).Load(), ElementsAre("b:1", "b:2", "b:3"));
  ClientOptions options = FromFile();
  options.namesrv = "a:1";
  NameServers given(options);
  EXPECT_THAT(*given.Load(), ElementsAre("a:1"));
  EXPECT_FALSE(given.MayChange());
  ::unsetenv("NAMESRV_ADDR");
}

TEST_F(NameServersTest, AChangedFileIsReadAgain) {
  Write("b:1");
  NameServers servers(FromFile());
  ASSERT_TRUE(servers.Load());
  EXPECT_TRUE(servers.MayChange());
  EXPECT_EQ(*servers.Changed(), std::nullopt);
  Write("b:2");
  EXPECT_THAT(**servers.Changed(), ElementsAre("b:2"));
  Write("b:2\n");
  EXPECT_EQ(*servers.Changed(), std::nullopt) << "the same list";
}

TEST_F(NameServersTest, AFileThatIsWrongIsToldOnceAndReadAgainWhenItIsRight) {
  Write("b:1");
  NameServers servers(FromFile());
  ASSERT_TRUE(servers.Load());
  Write("no port");
  EXPECT_THAT(servers.Changed().error().message(), HasSubstr("no port"));
  EXPECT_EQ(*servers.Changed(), std::nullopt);
  Write("b:3");
  EXPECT_THAT(**servers.Changed(), ElementsAre("b:3"));
}

TEST_F(NameServersTest, WithoutAnyTheErrorSaysWhereTheyAreGiven) {
  EXPECT_THAT(NameServers(ClientOptions()).Load().error().message(),
              HasSubstr("set ClientOptions::namesrv or the environment variable NAMESRV_ADDR"));
  const auto missing = NameServers(FromFile()).Load();
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message(), HasSubstr(path_));
}

}  // namespace
}  // namespace comet::client
