#include "console/cli/help.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace comet::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::array kTestOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "topic name"},
    Option{'l', "list", Takes::kNothing, Must::kOptional, "Use list format to print data"}};
constexpr std::array kOrder{Option{'o', "order", Takes::kValue, Must::kOptional, "ordered"}};

constexpr Command kCommand{"topicRoute",
                           "Examine topic route info.",
                           "mqadmin topicRoute -t orders",
                           kTestOptions,
                           Effect::kReads,
                           nullptr};
constexpr Command kWriting{"updateTopic", "Changes.",         "mqadmin updateTopic",
                           kOrder,        Effect::kDangerous, nullptr};

TEST(Help, ShowsTheOptionsOfACommandSorted) {
  EXPECT_EQ(
      Usage(kCommand),
      "usage: mqadmin topicRoute [-h] [-l] [-n <arg>] [-o <arg>] -t <arg>\n"
      " -h,--help                Print this, and exit\n"
      " -l,--list                Use list format to print data\n"
      " -n,--namesrvAddr <arg>   Name servers: '192.168.0.1:9876;192.168.0.2:9876'; otherwise "
      "$NAMESRV_ADDR\n"
      " -o,--output <arg>        table (default), or json: one document on stdout\n"
      " -t,--topic <arg>         topic name\n"
      "example: mqadmin topicRoute -t orders\n");
}

TEST(Help, ACommandKeepsALetterThatACommonOptionWants) {
  const std::string usage = Usage(kWriting);
  EXPECT_THAT(usage, HasSubstr(" -o,--order <arg> "));
  EXPECT_THAT(usage, HasSubstr(" --output <arg> "));
  EXPECT_THAT(usage, HasSubstr(" --dry-run "));
  EXPECT_THAT(usage, HasSubstr(" --yes "));
}

TEST(Help, ListsCommandsWithNamesPaddedTo35) {
  EXPECT_THAT(CommandList(std::array{kCommand}),
              StartsWith("usage: mqadmin COMMAND [OPTIONS]\n\n"
                         "   topicRoute                          Examine topic route info.\n"
                         "\n"
                         "'mqadmin help COMMAND' lists the options of one."));
}

}  // namespace
}  // namespace comet::cli
