#include "remoting/wire/properties.h"

#include <vector>

#include <gtest/gtest.h>

namespace comet::wire {
namespace {

std::string List(std::string_view text) {
  std::string list;
  PropertyIterator it(text);
  while (const auto property = it.Next()) {
    list.append(property->name).append("=").append(property->value).append(";");
  }
  return list;
}

TEST(Properties, AreReadWithAndWithoutTheLastSeparator) {
  EXPECT_EQ(List("A\x01"
                 "1\x02"
                 "B\x01"
                 "2\x02"),
            "A=1;B=2;");
  EXPECT_EQ(List("A\x01"
                 "1\x02"
                 "B\x01"
                 "2"),
            "A=1;B=2;");
  EXPECT_EQ(List(""), "");
}

TEST(Properties, OfEveryLengthAreRead) {
  for (std::size_t name = 1; name < 40; ++name) {
    for (std::size_t value = 1; value < 40; ++value) {
      const std::string wide = std::string(name, 'n') + '\x01' + std::string(value, 'v');
      const std::string read = std::string(name, 'n') + '=' + std::string(value, 'v') + ';';
      EXPECT_EQ(List(wide), read);
      EXPECT_EQ(List(wide + "\x02" + "A\x01" + "1\x02" + wide + "\x02"), read + "A=1;" + read);
    }
  }
}

TEST(Properties, WhatRocketMqIgnoresIsIgnored) {
  EXPECT_EQ(List("\x02\x02"), "");
  EXPECT_EQ(List("A\x01\x02"
                 "AB\x01\x02\x01"
                 "12\x02no separator\x02"
                 "B\x01"
                 "2\x02"),
            "B=2;");
  EXPECT_EQ(List("A\x01x\x01y"), "A=x\x01y;");
}

TEST(Properties, TheLastOfEqualNamesIsFound) {
  EXPECT_EQ(FindProperty("A\x01"
                         "1\x02"
                         "AB\x01"
                         "2\x02"
                         "A\x01"
                         "3\x02",
                         "A"),
            "3");
  EXPECT_EQ(FindProperty("AB\x01"
                         "2\x02",
                         "A"),
            std::nullopt);
  EXPECT_EQ(FindProperty("AB\x01"
                         "2\x02",
                         "2"),
            std::nullopt);
}

TEST(Properties, AppendMendsTheSeparator) {
  std::string text;
  AppendProperty("A", "1", &text);
  EXPECT_EQ(text,
            "A\x01"
            "1\x02");
  text =
      "A\x01"
      "1";
  AppendProperty("B", "2", &text);
  EXPECT_EQ(text,
            "A\x01"
            "1\x02"
            "B\x01"
            "2\x02");
}

TEST(Properties, RemoveTakesAllOfTheName) {
  std::string text =
      "A\x01"
      "1\x02"
      "B\x01"
      "2\x02"
      "A\x01"
      "3";
  EXPECT_TRUE(RemoveProperty("A", &text));
  EXPECT_EQ(text,
            "B\x01"
            "2\x02");
  EXPECT_FALSE(RemoveProperty("A", &text));
  SetProperty("B", "4", &text);
  EXPECT_EQ(text,
            "B\x01"
            "4\x02");
}

TEST(Properties, SeparatorsAreIllegalInThem) {
  EXPECT_TRUE(IsLegalProperty("n", "v \t€"));
  EXPECT_FALSE(IsLegalProperty("", "v"));
  EXPECT_FALSE(IsLegalProperty("n", ""));
  EXPECT_FALSE(IsLegalProperty("a\x01", "v"));
  EXPECT_FALSE(IsLegalProperty("n", "a\x02"));
}

TEST(Properties, KeysAreTheWordsBetweenBlanks) {
  std::vector<std::string_view> keys;
  ForEachKey("  a bc   d ", [&](std::string_view key) { keys.push_back(key); });
  EXPECT_EQ(keys, (std::vector<std::string_view>{"a", "bc", "d"}));
  ForEachKey("", [](std::string_view) { FAIL(); });
}

}  // namespace
}  // namespace comet::wire
