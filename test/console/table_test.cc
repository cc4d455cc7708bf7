#include "console/cli/table.h"

#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

namespace comet::cli {
namespace {

TEST(Row, PadsLeftAndRightAndCopiesTheRest) {
  EXPECT_EQ(Row("%-6s  %4s|\n", {"ab", "7"}), "ab         7|\n");
}

TEST(Row, NeverCutsACell) {
  EXPECT_EQ(Row("%-2s %s", {"abcdef", ""}), "abcdef ");
}

TEST(Row, CountsCharactersAndNotBytes) {
  EXPECT_EQ(Row("%-4s|", {"中文"}), "中文  |");
}

TEST(RowDeathTest, DiesWhenCellsAndPatternDiffer) {
  EXPECT_DEATH(Row("%s %s", {"a"}), "");
  EXPECT_DEATH(Row("%s", {"a", "b"}), "");
}

TEST(Front, CutsAtCharacters) {
  EXPECT_EQ(Front("abc", 2), "ab");
  EXPECT_EQ(Front("中文字", 2), "中文");
  EXPECT_EQ(Front("abc", 3), "abc");
}

TEST(Fixed, KeepsTheDecimals) {
  EXPECT_EQ(Fixed(1203.4, 2), "1203.40");
  EXPECT_EQ(Fixed(0, 4), "0.0000");
  EXPECT_EQ(Fixed(-1.5, 1), "-1.5");
  EXPECT_EQ(Fixed(1.5, 0), "2");
  EXPECT_EQ(Fixed(1e300, 2).size(), 304U);
}

TEST(Fixed, RoundsAsJavaDoes) {
  EXPECT_EQ(Fixed(2.625, 2), "2.63");  // a tie, which C++ rounds to even
  EXPECT_EQ(Fixed(1.005, 2), "1.01");  // a little less than it says
  EXPECT_EQ(Fixed(0.994, 2), "0.99");
  EXPECT_EQ(Fixed(9.996, 2), "10.00");
  EXPECT_EQ(Fixed(-99.95, 1), "-100.0");
}

class HumanTimeTest : public testing::Test {
 protected:
  void SetUp() override {
    setenv("TZ", "UTC", 1);
    tzset();
  }
};

TEST_F(HumanTimeTest, PrintsDateAndMilliseconds) {
  EXPECT_EQ(HumanTimeMs(1772360430123), "2026-03-01 10:20:30,123");
  EXPECT_EQ(HumanTime(1772360430123), "2026-03-01 10:20:30");
  EXPECT_EQ(HumanTimeMs(5), "1970-01-01 00:00:00,005");
}

}  // namespace
}  // namespace comet::cli
