#include "console/cli/output.h"

#include <array>
#include <sstream>

#include <gtest/gtest.h>

namespace comet::cli {
namespace {

constexpr std::array kColumns{Column{"#Name", "name"}, Column{"#QID", "queueId"}};
constexpr TableForm kList{"", "%-6s %s\n", "%-6s %4s\n", kColumns};
constexpr TableForm kMember{"rows", "%-6s %s\n", "%-6s %s\n", kColumns};

class OutputTest : public testing::Test {
 protected:
  std::ostringstream stream_;
  Output text_{stream_, Form::kTable};
  Output json_{stream_, Form::kJson};
};

TEST_F(OutputTest, PrintsATableWithItsPatterns) {
  text_.Begin(kList);
  text_.Add(kList, {"a", 7});
  EXPECT_EQ(stream_.str(), "#Name  #QID\na         7\n");
}

TEST_F(OutputTest, ATableWithoutAMemberIsTheDocument) {
  json_.Begin(kList);
  json_.Add(kList, {Cell("a…", Json(std::string("abc"))), 7});
  EXPECT_TRUE(json_.Finish(false).ok());
  EXPECT_EQ(stream_.str(), "[{\"name\":\"abc\",\"queueId\":7}]\n");
}

TEST_F(OutputTest, AnEmptyTableIsAnEmptyList) {
  json_.Begin(kMember);
  EXPECT_TRUE(json_.Finish(false).ok());
  EXPECT_EQ(stream_.str(), "{\"rows\":[]}\n");
}

TEST_F(OutputTest, JsonHasNoProse) {
  json_.Say("hello\n");
  json_.Set("tps", Json(1.5), "TPS: 1.5\n");
  json_.Append("done", Json(true), "done\n");
  EXPECT_TRUE(json_.Finish(false).ok());
  EXPECT_EQ(stream_.str(), "{\"tps\":1.5,\"done\":[true]}\n");
}

TEST_F(OutputTest, TextHasTheProseAndNoDocument) {
  text_.Say("hello\n");
  text_.Set("tps", Json(1.5), "TPS: 1.5\n");
  text_.Append("done", Json(true), "done\n");
  EXPECT_TRUE(text_.Finish(false).ok());
  EXPECT_EQ(stream_.str(), "hello\nTPS: 1.5\ndone\n");
}

TEST_F(OutputTest, EveryRoundHasADocumentOfItsOwn) {
  json_.Set("a", Json(std::int64_t{1}), "");
  json_.EndRound();
  json_.Set("a", Json(std::int64_t{2}), "");
  EXPECT_TRUE(json_.Finish(false).ok());
  EXPECT_EQ(stream_.str(), "{\"a\":1}\n{\"a\":2}\n");
}

TEST_F(OutputTest, ACommandThatSaysNothingStillPrintsADocumentUnlessItFailed) {
  EXPECT_TRUE(json_.Finish(false).ok());
  EXPECT_EQ(stream_.str(), "{}\n");
  EXPECT_TRUE(Output(stream_, Form::kJson).Finish(true).ok());
  EXPECT_EQ(stream_.str(), "{}\n");
}

TEST_F(OutputTest, ThatCannotBeWrittenIsAnError) {
  text_.Say("hello");
  stream_.setstate(std::ios::badbit);
  EXPECT_EQ(text_.Finish(false).code(), Status::Code::kIo);
  EXPECT_FALSE(text_.writable());
}

TEST(Parsed, QuotesTheNamesThatJavaLeavesBare) {
  EXPECT_EQ(Parsed("{0:\"a\"}"),
            Json(Json::Object{{Json(std::string("0")), Json(std::string("a"))}}));
  EXPECT_TRUE(Parsed("{").IsNull());
}

}  // namespace
}  // namespace comet::cli
