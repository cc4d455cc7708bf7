#include "remoting/base/status.h"

#include <gtest/gtest.h>

#include "remoting/base/status_or.h"

namespace comet {
namespace {

StatusOr<int> Half(int number) {
  if (number % 2 != 0) return Status(Status::Code::kInvalid, "odd");
  return number / 2;
}

StatusOr<int> Quarter(int number) {
  COMET_ASSIGN(const int half, Half(number));
  return Half(half);
}

TEST(Status, OkHasNoMessage) {
  const Status ok;
  EXPECT_TRUE(ok.ok());
  EXPECT_EQ(ok.message(), "");
  EXPECT_EQ(ok.ToString(), "OK");
}

TEST(Status, AnnotatingPutsTheContextInFront) {
  const Status error = Status(Status::Code::kIo, "No space left").Annotate("open store/0000");
  EXPECT_EQ(error.message(), "open store/0000: No space left");
  EXPECT_EQ(error.code(), Status::Code::kIo);
  EXPECT_EQ(error.Clone().ToString(), "IO: open store/0000: No space left");
}

TEST(StatusOr, AnErrorTravelsThroughAssign) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(Quarter(6).TakeError().message(), "odd");
}

TEST(ResultDeathTest, ReadingTheValueOfAnErrorAborts) {
  EXPECT_DEATH({ [[maybe_unused]] auto value = *Half(1); }, "check failed");
}

}  // namespace
}  // namespace comet
