#include "remoting/base/allowance.h"

#include <gtest/gtest.h>

namespace comet {
namespace {

TEST(Allowance, IsBoundedByCount) {
  Allowance allowance(2, 1000);
  const auto first = allowance.Take(1);
  {
    const auto second = allowance.Take(1);
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(allowance.Take(1));
    EXPECT_FALSE(allowance.Take(1)) << "what was refused does not count";
  }
  EXPECT_TRUE(allowance.Take(1)) << "a share was given back";
}

TEST(Allowance, IsBoundedByBytes) {
  Allowance allowance(100, 1000);
  const auto most = allowance.Take(900);
  EXPECT_FALSE(allowance.Take(101));
  EXPECT_TRUE(allowance.Take(100));
}

TEST(Allowance, AMovedShareIsGivenBackOnceAndMayOutliveIt) {
  std::optional<Allowance::Share> kept;
  {
    Allowance allowance(1, 1);
    auto share = allowance.Take(1);
    kept.emplace(std::move(*share));
    share.reset();
    EXPECT_FALSE(allowance.Take(0));
  }
}

}  // namespace
}  // namespace comet
