// What every command must have.

#include "console/cli/commands.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "console/cli/arguments.h"
#include "console/cli/help.h"
#include "console/cli/not_built_in.h"

namespace comet::cli {
namespace {

// As a shell would take it apart; single quotes are all that examples need.
std::vector<std::string> Words(std::string_view line) {
  std::vector<std::string> words(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

TEST(EveryCommand, HasAnExampleThatParses) {
  for (const Command& command : Commands()) {
    const std::vector<std::string> words = Words(command.example);
    ASSERT_GT(words.size(), 1U) << command.name;
    EXPECT_EQ(words[0], "mqadmin") << command.name;
    EXPECT_EQ(words[1], command.name);
    const std::vector<std::string_view> rest(words.begin() + 2, words.end());
    const auto arguments = Arguments::Parse(AllOptions(command), rest);
    EXPECT_TRUE(arguments.ok()) << command.name << ": " << arguments.error().message();
  }
}

TEST(EveryCommand, HasAHelpWithAnExample) {
  for (const Command& command : Commands()) {
    const std::string usage = Usage(command);
    EXPECT_NE(usage.find("example: mqadmin " + std::string(command.name)), std::string::npos);
    EXPECT_FALSE(command.summary.empty()) << command.name;
  }
}

TEST(EveryCommand, HasOptionsOfDifferentNamesAndLetters) {
  for (const Command& command : Commands()) {
    std::set<std::string> seen;
    for (const Option& option : AllOptions(command)) {
      EXPECT_TRUE(seen.insert(std::string(option.name)).second) << command.name << option.name;
      if (option.letter == 0) continue;
      EXPECT_TRUE(seen.insert(std::string(1, option.letter)).second)
          << command.name << " -" << option.letter;
    }
  }
}

TEST(EveryCommand, KnowsTheLongOutputOption) {
  for (const Command& command : Commands()) {
    bool known = false;
    for (const Option& option : AllOptions(command)) known = known || option.name == "output";
    EXPECT_TRUE(known) << command.name;
  }
}

TEST(EveryCommand, ThatWritesHasADryRunAndADangerousOneYes) {
  for (const Command& command : Commands()) {
    std::set<std::string_view> names;
    for (const Option& option : AllOptions(command)) names.insert(option.name);
    EXPECT_EQ(names.contains("dry-run"), command.effect != Effect::kReads) << command.name;
    EXPECT_EQ(names.contains("yes"), command.effect == Effect::kDangerous) << command.name;
  }
}

TEST(EveryCommand, IsFoundInAnyCaseAndBuiltIn) {
  for (const Command& command : Commands()) {
    EXPECT_EQ(FindCommand(command.name), &command);
    EXPECT_TRUE(NotBuiltIn(command.name).empty()) << command.name;
  }
  EXPECT_NE(FindCommand("TOPICLIST"), nullptr);
}

TEST(NearestCommand, IsOneThatCanBeMeant) {
  ASSERT_NE(NearestCommand("topiclst"), nullptr);
  EXPECT_EQ(NearestCommand("topiclst")->name, "topicList");
  EXPECT_EQ(NearestCommand("somethingElse"), nullptr);
}

}  // namespace
}  // namespace comet::cli
