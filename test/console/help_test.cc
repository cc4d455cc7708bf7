#include "console/cli/help.h"

#include <array>

#include <gtest/gtest.h>

namespace comet::cli {
namespace {

constexpr std::array kOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "topic name"},
    Option{'l', "list", Takes::kNothing, Must::kOptional, "Use list format to print data"}};

constexpr Command kCommand{"topicRoute", "Examine topic route info.", kOptions, nullptr};

TEST(Help, ShowsTheOptionsOfACommandSorted) {
  EXPECT_EQ(
      Usage(kCommand),
      "usage: mqadmin topicRoute [-h] [-l] [-n <arg>] -t <arg>\n"
      " -h,--help                Print this, and exit\n"
      " -l,--list                Use list format to print data\n"
      " -n,--namesrvAddr <arg>   Name servers: '192.168.0.1:9876;192.168.0.2:9876'; otherwise "
      "$NAMESRV_ADDR\n"
      " -t,--topic <arg>         topic name\n");
}

TEST(Help, ListsCommandsWithNamesPaddedTo35) {
  EXPECT_EQ(
      CommandList(std::array{kCommand}),
      "usage: mqadmin COMMAND [OPTIONS]\n\n"
      "   topicRoute                          Examine topic route info.\n"
      "\n"
      "'mqadmin help COMMAND' lists the options of one. Name servers: -n, or NAMESRV_ADDR in the "
      "environment.\n");
}

}  // namespace
}  // namespace comet::cli
