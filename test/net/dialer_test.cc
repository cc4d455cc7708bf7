#include "remoting/net/dialer.h"

#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/net/acceptor.h"
#include "remoting/net/io_loop.h"
#include "test/net/net_fixture.h"

namespace comet::net {
namespace {

using testing::HasSubstr;

class DialerTest : public testing::Test {
 protected:
  // A port that a backlog answers for; nobody needs to accept.
  std::uint16_t Listening() {
    auto sockets = ListenShared("127.0.0.1", 0, 1, 1);
    COMET_CHECK(sockets.ok());
    listener_.emplace(std::move((*sockets)[0]));
    return *PortOf(*listener_);
  }
  void Dial(const std::string& address, Duration timeout = kPatience) {
    dialer_.Dial(address, timeout, [this](StatusOr<Dialed> outcome) {
      EXPECT_FALSE(dialer_.dialing());
      outcome_.emplace(std::move(outcome));
    });
  }
  StatusOr<Dialed>& Outcome() {
    while (!outcome_) io_.loop().RunOnce(std::chrono::milliseconds(10));
    return *outcome_;
  }

  NetMetrics metrics_;
  IoLoop io_{0, NetConfig{}, SystemClock(), metrics_};
  Dialer dialer_{io_};
  std::optional<Socket> listener_;
  std::optional<StatusOr<Dialed>> outcome_;
};

TEST_F(DialerTest, OpensAConnectionAndKnowsBothEnds) {
  const auto port = Listening();
  Dial("127.0.0.1:" + std::to_string(port));
  auto& dialed = Outcome();
  ASSERT_TRUE(dialed.ok()) << dialed.error().ToString();
  EXPECT_EQ(dialed->peer.port, port);
  EXPECT_EQ(dialed->local.text, LocalEndpoint(dialed->socket.get()).text);
}

TEST_F(DialerTest, SaysWhyNobodyWasReached) {
  const auto port = Listening();
  listener_.reset();
  Dial("127.0.0.1:" + std::to_string(port));
  ASSERT_FALSE(Outcome().ok());
  EXPECT_EQ(Outcome().error().code(), Status::Code::kUnavailable);
  EXPECT_THAT(Outcome().error().message(), HasSubstr("Connection refused"));
}

TEST_F(DialerTest, RefusesAnAddressThatIsNone) {
  Dial("nowhere");
  ASSERT_FALSE(Outcome().ok());
  EXPECT_EQ(Outcome().error().code(), Status::Code::kUnavailable);
}

TEST_F(DialerTest, IsSilentWhenItIsCancelledAndMayDialAgain) {
  const auto address = "127.0.0.1:" + std::to_string(Listening());
  Dial(address);
  dialer_.Cancel();
  EXPECT_FALSE(dialer_.dialing());
  io_.loop().RunOnce(std::chrono::milliseconds(10));
  EXPECT_FALSE(outcome_.has_value());
  Dial(address);
  EXPECT_TRUE(Outcome().ok());
}

// A full backlog drops what comes, as a machine that is gone does.
TEST_F(DialerTest, GivesUpWhenItTakesTooLong) {
  const auto address = "127.0.0.1:" + std::to_string(Listening());
  std::vector<Dialed> taken;
  for (;;) {
    outcome_.reset();
    Dial(address, std::chrono::milliseconds(100));
    if (!Outcome().ok()) break;
    taken.push_back(Outcome().Take());
  }
  EXPECT_EQ(Outcome().error().message(), "no connection in time");
}

}  // namespace
}  // namespace comet::net
