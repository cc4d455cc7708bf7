#include "remoting/base/unique_function.h"

#include <array>
#include <memory>

#include <gtest/gtest.h>

namespace comet {
namespace {

TEST(UniqueFunction, OwnsWhatOnlyMoves) {
  UniqueFunction<int()> fn = [value = std::make_unique<int>(7)] {
    return *value;
  };
  UniqueFunction<int()> moved = std::move(fn);
  EXPECT_FALSE(fn);  // NOLINT: the state after a move is the claim
  EXPECT_EQ(moved(), 7);
}

TEST(UniqueFunction, LargeCallablesAreKeptOutside) {
  std::array<int, 100> numbers{};
  numbers[99] = 5;
  UniqueFunction<int(int)> fn = [numbers](int add) {
    return numbers[99] + add;
  };
  UniqueFunction<int(int)> moved = std::move(fn);
  EXPECT_EQ(moved(1), 6);
}

TEST(UniqueFunction, DestroysItsCallableOnce) {
  auto shared = std::make_shared<int>(1);
  {
    UniqueFunction<void()> fn = [shared] {
    };
    EXPECT_EQ(shared.use_count(), 2);
    fn = nullptr;
    EXPECT_EQ(shared.use_count(), 1);
    fn = [shared] {
    };
  }
  EXPECT_EQ(shared.use_count(), 1);
}

}  // namespace
}  // namespace comet
