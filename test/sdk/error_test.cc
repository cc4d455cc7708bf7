#include <comet/result.h>

#include <gtest/gtest.h>

#include "sdk/src/error_mapping.h"

namespace comet::client {
namespace {

TEST(ErrorMapping, AnAnswerKeepsCodeRemarkAndServer) {
  const Error error = FromResponse(17, "topic[x] not exist", "sending to x", "127.0.0.1:1");
  EXPECT_EQ(error.code(), Errc::topic_not_found);
  EXPECT_EQ(error.broker_code(), 17);
  EXPECT_EQ(error.server(), "127.0.0.1:1");
  EXPECT_EQ(error.message(),
            "sending to x at 127.0.0.1:1: code 17, topic[x] not exist; create the topic with "
            "mqadmin updateTopic");
}

TEST(ErrorMapping, ATimeoutWarnsThatItMayHaveHappened) {
  const Error error = FromStatus(Status(Status::Code::kTimeout, "no answer in 3 s"), "send", "a:1");
  EXPECT_EQ(error.code(), Errc::timeout);
  EXPECT_TRUE(error.retriable());
  EXPECT_NE(error.message().find("may have happened"), std::string::npos);
}

TEST(ErrorMapping, AnIllegalMessageIsNotTriedElsewhere) {
  EXPECT_FALSE(WorthAnotherBroker(13));
  EXPECT_TRUE(WorthAnotherBroker(14));
}

TEST(Result, AnErrorPassesThroughMapAndThen) {
  const auto failed = [](int) -> Result<int> {
    return Error(Errc::busy, "later");
  };
  EXPECT_EQ(Result<int>(1).and_then(failed).map([](int n) { return n + 1; }).error().code(),
            Errc::busy);
  EXPECT_EQ(Result<int>(1).map([](int n) { return n + 1; }).value(), 2);
}

TEST(ResultDeathTest, TheValueOfAnErrorEndsTheProcessWithItsMessage) {
  const Result<int> failed = Error(Errc::timeout, "no answer");
  EXPECT_DEATH(static_cast<void>(failed.value()), "timeout: no answer");
}

}  // namespace
}  // namespace comet::client
