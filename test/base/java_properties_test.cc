#include "remoting/base/java_properties.h"

#include <gtest/gtest.h>

namespace comet {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs Parse(std::string_view text) {
  Pairs pairs;
  for (const auto& line : ParseJavaProperties(text, "f").Take().lines) {
    pairs.emplace_back(line.key, line.value);
  }
  return pairs;
}

TEST(JavaProperties, KnowsThreeSeparators) {
  EXPECT_EQ(Parse("a=1\nb:2\nc 3\n  d  =  4 \ne = : 5\nf\tg=h"),
            (Pairs{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", ": 5"}, {"f", "g=h"}}));
}

TEST(JavaProperties, SkipsCommentsAndEmptyLines) {
  EXPECT_EQ(Parse("\xef\xbb\xbf# x=1\n\n ! y=2 \\\r\nz=3 # no comment\r\n   \n"),
            (Pairs{{"z", "3 # no comment"}}));
}

TEST(JavaProperties, ContinuesLines) {
  EXPECT_EQ(Parse("list=a,\\\n   b,\\\r\n  c\nnext=\\\\\nlast=x\\"),
            (Pairs{{"list", "a,b,c"}, {"next", "\\"}, {"last", "x"}}));
}

TEST(JavaProperties, DecodesEscapes) {
  EXPECT_EQ(Parse("a\\=b\\ c=x\\ty\\u4e2d\\uD83D\\uDE00\\z"),
            (Pairs{{"a=b c", "x\ty\u4e2d\U0001f600z"}}));
  EXPECT_EQ(Parse("a=\\ud83dx"), (Pairs{{"a", "\ufffdx"}}));
}

TEST(JavaProperties, KeepsLineNumbersAndBareKeys) {
  const auto lines = ParseJavaProperties("\na=\\\n1\nb\nc=\n", "f").Take().lines;
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].line, 2);
  EXPECT_EQ(lines[1].line, 4);
  EXPECT_FALSE(lines[1].has_value);
  EXPECT_TRUE(lines[2].has_value);
}

TEST(JavaProperties, RefusesABrokenUnicodeEscape) {
  EXPECT_EQ(ParseJavaProperties("a=1\nb=\\u12x4", "f").error().message(),
            "f:2: \\u is not followed by four hex digits");
  EXPECT_FALSE(ParseJavaProperties("b=\\u", "f").ok());
}

}  // namespace
}  // namespace comet
