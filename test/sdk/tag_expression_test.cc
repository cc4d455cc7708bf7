#include "sdk/src/tag_expression.h"

#include <gtest/gtest.h>

namespace comet::client {
namespace {

TEST(TagExpression, AStarOrNothingMeansAll) {
  EXPECT_TRUE(TagExpression("*").Matches("x"));
  EXPECT_TRUE(TagExpression("").Matches(""));
}

TEST(TagExpression, OneOfTheTagsMustBeEqual) {
  const TagExpression paid(" paid || refunded");
  EXPECT_TRUE(paid.Matches("paid"));
  EXPECT_TRUE(paid.Matches("refunded"));
  EXPECT_FALSE(paid.Matches("paid "));
  EXPECT_FALSE(paid.Matches(""));
}

}  // namespace
}  // namespace comet::client
