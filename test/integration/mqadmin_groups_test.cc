#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mqadmin_fixture.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"
#include "test/base/temp_directory.h"

namespace comet::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class MqadminGroups : public MqadminTest {
 protected:
  // A member of the group's settings.
  Json Setting(std::string_view group, std::string_view name) const {
    const Json document = Document({"getConsumerConfig", "-g", group});
    return *document.AsArray()->front().Find("config")->Find(name);
  }
};

TEST_F(MqadminGroups, AChangeKeepsWhatIsNotGiven) {
  Out({"updateSubGroup", "-b", Broker(), "-g", "billing", "-q", "3", "-d", "true"});
  const Ran ran = Admin({"updateSubGroup", "-c", "DefaultCluster", "-g", "billing", "-r", "5"});
  EXPECT_EQ(ran.code, ExitCode::kOk);
  EXPECT_THAT(ran.err, HasSubstr("group billing\n  retryMaxTimes: 16 -> 5\n"));
  EXPECT_EQ(Setting("billing", "retryQueueNums"), Json(std::int64_t{3}));
  EXPECT_EQ(Setting("billing", "retryMaxTimes"), Json(std::int64_t{5}));
  Out({"updateSubGroup", "-b", Broker(), "-g", "billing", "-r", "6", "--replace"});
  EXPECT_EQ(Setting("billing", "retryQueueNums"), Json(std::int64_t{1}));
  EXPECT_EQ(Setting("billing", "consumeBroadcastEnable"), Json(false));
}

TEST_F(MqadminGroups, ADryRunChangesNothing) {
  const std::string out = Out({"updateSubGroup", "-b", Broker(), "-g", "billing", "--dry-run"});
  EXPECT_THAT(out, HasSubstr("  + groupName: \"billing\"\n"));
  EXPECT_EQ(Admin({"getConsumerConfig", "-g", "billing"}).code, ExitCode::kNotFound);
}

TEST_F(MqadminGroups, AListOfGroupsIsTakenFromAFile) {
  const TempDirectory directory;
  const std::string path = directory / "groups.json";
  PosixFileSystem fs;
  ASSERT_TRUE(WriteFileAtomically(fs, path,
                                  R"([{"groupName":"one","retryMaxTimes":2},{"groupName":"two"}])")
                  .ok());
  const Ran ran = Admin({"updateSubGroupList", "-b", Broker(), "-f", path});
  EXPECT_THAT(ran.out, HasSubstr("submit batch of group config to "));
  EXPECT_THAT(ran.err, HasSubstr("one.retryMaxTimes"));
  EXPECT_EQ(Setting("one", "retryMaxTimes"), Json(std::int64_t{2}));
  ASSERT_TRUE(WriteFileAtomically(fs, path, R"([{"retryMaxTimes":2}])").ok());
  EXPECT_EQ(Admin({"updateSubGroupList", "-b", Broker(), "-f", path}).code, ExitCode::kUsage);
}

TEST_F(MqadminGroups, DeletingWantsConsent) {
  Out({"updateSubGroup", "-b", Broker(), "-g", "billing"});
  EXPECT_EQ(Admin({"deleteSubGroup", "-b", Broker(), "-g", "billing"}).code, ExitCode::kUsage);
  const Ran done = Admin({"deleteSubGroup", "-c", "DefaultCluster", "-g", "billing"},
                         {.typed = "billing\n", .on_terminal = true});
  EXPECT_THAT(done.out, HasSubstr("in cluster [DefaultCluster] success.\n"));
  EXPECT_EQ(Admin({"getConsumerConfig", "-g", "billing"}).code, ExitCode::kNotFound);
}

TEST_F(MqadminGroups, NobodyOnlineIsExitCode4) {
  Out({"updateSubGroup", "-b", Broker(), "-g", "billing"});
  for (const std::string_view command : {"consumerConnection", "consumerStatus", "consumer"}) {
    const Ran ran = Admin({command, "-g", "billing"});
    EXPECT_EQ(ran.code, ExitCode::kNotFound) << command << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("206 CONSUMER_NOT_ONLINE")) << command;
  }
}

TEST_F(MqadminGroups, ABrokerWithoutProducersHasAnEmptyList) {
  EXPECT_EQ(*Document({"producer", "-b", Broker()}).Find("count"), Json(std::int64_t{0}));
}

}  // namespace
}  // namespace comet::cli
