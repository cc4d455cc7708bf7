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
  EXPECT_EQ(Usage(kCommand),
            "usage: mqadmin topicRoute [-h] [-l] [-n <arg>] -t <arg>\n"
            " -h,--help                Print help\n"
            " -l,--list                Use list format to print data\n"
            " -n,--namesrvAddr <arg>   Name server address list, eg: "
            "'192.168.0.1:9876;192.168.0.2:9876'\n"
            " -t,--topic <arg>         topic name\n");
}

TEST(Help, ListsCommandsWithNamesPaddedTo35) {
  EXPECT_EQ(CommandList(std::array{kCommand}),
            "The most commonly used mqadmin commands are:\n"
            "   topicRoute                          Examine topic route info.\n"
            "\n"
            "See 'mqadmin help <command>' for more information on a specific command.\n");
}

}  // namespace
}  // namespace comet::cli
