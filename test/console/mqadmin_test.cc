// mqadmin as a whole, as far as it goes without a cluster.

#include "console/cli/mqadmin.h"

#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run.h"

namespace comet::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(MqadminProgram, AnUnknownCommandIsRefusedWithTheNearest) {
  const Ran ran = Mqadmin({"topicLst"});
  EXPECT_EQ(ran.code, ExitCode::kUsage);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err,
            "error: there is no command topicLst, see mqadmin help. Did you mean topicList?\n");
}

TEST(MqadminProgram, ACommandOfApachesThatIsMissingIsSaidSo) {
  const Ran ran = Mqadmin({"createuser", "-u", "alice"});
  EXPECT_EQ(ran.code, ExitCode::kUsage);
  EXPECT_EQ(ran.err,
            "error: createuser is not built in yet: it manages users and access control lists.\n");
}

TEST(MqadminProgram, AnUnknownOptionIsRefusedWithTheNearest) {
  const Ran ran = Mqadmin({"topicStatus", "--topik", "orders"});
  EXPECT_EQ(ran.code, ExitCode::kUsage);
  EXPECT_THAT(ran.err, HasSubstr("unrecognized option: --topik, did you mean --topic?"));
}

TEST(MqadminProgram, OnlyWritingCommandsHaveADryRun) {
  EXPECT_EQ(Mqadmin({"topicList", "--dry-run"}).code, ExitCode::kUsage);
}

TEST(MqadminProgram, OutputIsTableOrJson) {
  const Ran ran = Mqadmin({"topicList", "-o", "xml"});
  EXPECT_EQ(ran.code, ExitCode::kUsage);
  EXPECT_THAT(ran.err, HasSubstr("--output must be table or json, not xml"));
}

TEST(MqadminProgram, WithoutANameServerSaysHowToGiveOne) {
  const Ran ran = Mqadmin({"topicList", "-o", "json"});
  EXPECT_EQ(ran.code, ExitCode::kUsage);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("NAMESRV_ADDR"));
}

TEST(MqadminProgram, ANameServerThatIsNotThereIsUnreachable) {
  EXPECT_EQ(Mqadmin({"topicList", "-n", "127.0.0.1:1"}).code, ExitCode::kUnreachable);
}

TEST(MqadminProgram, HelpIsAskedForInEveryWay) {
  for (const auto& words : std::vector<std::vector<std::string_view>>{
           {"help", "topicStatus"}, {"topicStatus", "-h"}, {"topicstatus", "--help"}}) {
    const Ran ran = Mqadmin(words);
    EXPECT_EQ(ran.code, ExitCode::kOk);
    EXPECT_THAT(ran.out, StartsWith("usage: mqadmin topicStatus "));
  }
  EXPECT_THAT(Mqadmin({}).out, HasSubstr("MQADMIN_ASSUME_YES=1"));
  EXPECT_EQ(Mqadmin({"help", "nothing"}).code, ExitCode::kUsage);
}

TEST(MqadminProgram, HelpThatCannotBeWrittenIsAFailure) {
  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(RunMqadmin({}, {}, {out, err, in}), ExitCode::kFailed);
}

}  // namespace
}  // namespace comet::cli
