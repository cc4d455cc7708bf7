#include "console/cli/arguments.h"

#include <array>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace comet::cli {
namespace {

constexpr std::array kOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "topic name"},
    Option{'l', "list", Takes::kNothing, Must::kOptional, "list format"},
    Option{'r', "readQueueNums", Takes::kValue, Must::kOptional, "queues"},
    Option{'o', "order", Takes::kValue, Must::kOptional, "ordered"},
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "broker"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "cluster"},
    Option{0, "attributes", Takes::kValue, Must::kOptional, "attributes"}};

StatusOr<Arguments> Parse(const std::vector<std::string_view>& words) {
  return Arguments::Parse(kOptions, words);
}

std::string ErrorOf(const std::vector<std::string_view>& words) {
  const auto arguments = Parse(words);
  return arguments.ok() ? "" : arguments.error().message();
}

TEST(Arguments, AcceptEverySpellingOfAnOption) {
  const std::vector<std::vector<std::string_view>> spellings = {
      {"-t", "orders"},   {"-torders"},         {"-t=orders"},      {"--topic", "orders"},
      {"--topic=orders"}, {"-topic", "orders"}, {"-t", "  orders "}};
  for (const auto& words : spellings) {
    const auto arguments = Parse(words);
    ASSERT_TRUE(arguments.ok()) << words[0];
    EXPECT_EQ(arguments->Text("topic"), "orders") << words[0];
  }
}

TEST(Arguments, LetTheLastOfEqualOptionsCount) {
  EXPECT_EQ(Parse({"-t", "a", "--topic", "b"})->Text("topic"), "b");
}

TEST(Arguments, TakeAValueThatStartsWithADashWhenItIsNoOption) {
  EXPECT_EQ(Parse({"-t", "orders", "--attributes", "-queue.type"})->Text("attributes"),
            "-queue.type");
  EXPECT_EQ(Parse({"-t", "-1"})->Text("topic"), "-1");
}

TEST(Arguments, RefuseAnUnknownOptionByName) {
  EXPECT_EQ(ErrorOf({"-t", "orders", "-x", "1"}), "unrecognized option: -x");
  EXPECT_EQ(ErrorOf({"-t", "orders", "--topicc", "1"}),
            "unrecognized option: --topicc, did you mean --topic?");
  EXPECT_EQ(ErrorOf({"-lx", "-t", "orders"}), "unrecognized option: -lx");
}

TEST(Arguments, RefuseAWordWithoutADash) {
  EXPECT_EQ(ErrorOf({"orders"}), "unexpected argument: orders");
}

TEST(Arguments, RefuseAMissingValueEvenBeforeAnotherOption) {
  EXPECT_EQ(ErrorOf({"-t"}), "missing value for option -t/--topic");
  EXPECT_EQ(ErrorOf({"-t", "-l"}), "missing value for option -t/--topic");
}

TEST(Arguments, RefuseAValueForAFlag) {
  EXPECT_EQ(ErrorOf({"-t", "orders", "--list=1"}), "option -l/--list takes no value");
}

TEST(Arguments, RefuseAMissingOrEmptyRequiredOption) {
  EXPECT_EQ(ErrorOf({"-l"}), "missing required option: -t/--topic");
  EXPECT_EQ(ErrorOf({"-t", " "}), "missing required option: -t/--topic");
}

TEST(Arguments, KeepNumbersInTheirRange) {
  const auto arguments = Parse({"-t", "orders", "-r", "16"});
  EXPECT_EQ(*arguments->NumberOr("readQueueNums", 8, 1, 1024), 16);
  EXPECT_EQ(*arguments->NumberOr("order", 8, 1, 1024), 8);
  EXPECT_EQ(arguments->NumberOr("readQueueNums", 8, 1, 15).error().message(),
            "--readQueueNums must be between 1 and 15, not 16");
  EXPECT_EQ(
      Parse({"-t", "orders", "-r", "many"})->NumberOr("readQueueNums", 8, 1, 9).error().message(),
      "--readQueueNums is not a number: many");
}

TEST(Arguments, ReadTruthInAnyCaseAndNothingElse) {
  EXPECT_TRUE(*Parse({"-t", "orders", "-o", "TRUE"})->BoolOr("order", false));
  EXPECT_FALSE(*Parse({"-t", "orders", "-o", "false"})->BoolOr("order", true));
  EXPECT_TRUE(*Parse({"-t", "orders"})->BoolOr("order", true));
  EXPECT_EQ(Parse({"-t", "orders", "-o", "yes"})->BoolOr("order", true).error().message(),
            "--order must be true or false, not yes");
}

TEST(Arguments, WantOneOfAPairOfTargets) {
  EXPECT_TRUE(Parse({"-t", "o", "-b", "h:1"})->ExactlyOne("brokerAddr", "clusterName").ok());
  EXPECT_EQ(Parse({"-t", "o"})->ExactlyOne("brokerAddr", "clusterName").message(),
            "give --brokerAddr or --clusterName");
  EXPECT_EQ(
      Parse({"-t", "o", "-b", "h:1", "-c", "C"})->ExactlyOne("brokerAddr", "clusterName").message(),
      "give --brokerAddr or --clusterName, not both");
}

TEST(SplitList, LeavesOutEmptyPartsAndBlanks) {
  EXPECT_EQ(SplitList(" a:1; ;b:2;", ';'), (std::vector<std::string>{"a:1", "b:2"}));
  EXPECT_TRUE(SplitList("", ';').empty());
}

}  // namespace
}  // namespace comet::cli
