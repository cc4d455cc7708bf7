#include "remoting/base/text.h"

#include <gtest/gtest.h>

namespace comet {
namespace {

TEST(Text, ConcatTakesLiteralsStringsNumbersAndTruths) {
  EXPECT_EQ(Concat("a", std::string("b"), std::string_view("c"), 'd', -5, true), "abcd-5true");
}

TEST(Text, ANumberIsTheWholeTextOrNone) {
  EXPECT_EQ(ParseNumber<int>("12"), 12);
  EXPECT_EQ(ParseNumber<int>("12x"), std::nullopt);
  EXPECT_EQ(ParseNumber<int>(""), std::nullopt);
  EXPECT_EQ(ParseNumber<int>("99999999999"), std::nullopt);
}

}  // namespace
}  // namespace comet
