// When a name server forgets a broker, seen over the wire. Its clock stands still but where a test
// moves it.

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "namesrv_fixture.h"
#include "remoting/base/describe_json.h"
#include "remoting/wire/bodies/cluster_info.h"
#include "remoting/wire/requests/broker_heartbeat.h"
#include "remoting/wire/requests/get_cluster_info.h"
#include "test/integration/eventually.h"

namespace comet::namesrv {
namespace {

using namespace std::chrono_literals;

class Eviction : public NamesrvTest {
 protected:
  Eviction() {
    config_.idle_close_s = 86'400;  // it is the silence of brokers that counts here
    Start(clock_);
    asker_ = Connect();
  }
  ~Eviction() override { loops_.Stop(); }  // before what its callbacks use

  std::shared_ptr<net::Client> Register(std::string_view name,
                                        std::string_view address = "10.0.0.1:10911") {
    auto broker = Connect({.on_state = [this](bool connected) {
      lost_ += connected ? 0 : 1;
    }});
    EXPECT_EQ(Ask<wire::RegisterBroker>(*broker, Broker(name, address), "{}")->code, 0);
    return broker;
  }
  bool Knows(const std::string& name) {
    const auto answer = Ask<wire::GetClusterInfo>(*asker_, {});
    return FromJson<wire::ClusterInfo>(answer->body)->brokers.contains(name);
  }
  bool EventuallyKnowsNo(const std::string& name) {
    return Eventually(30s, [&] { return !Knows(name); });
  }
  // Time passes, and the looks for silent brokers that are due then have ended.
  void Pass(Duration time) {
    for (const auto end = clock_.Now() + time; clock_.Now() < end;) {
      clock_.Advance(1s);
      namesrv_->Wake();
      // Registrations and looks take turns: when the second one is answered, the look is over.
      for (int i = 0; i < 2; ++i)
        Ask<wire::RegisterBroker>(*asker_, Broker("clock", "10.0.0.9:10911"), "{}");
    }
  }

  ManualClock clock_;
  std::atomic<int> lost_ = 0;
  std::shared_ptr<net::Client> asker_;
};

TEST_F(Eviction, ComesAtOnceWhenTheConnectionOfABrokerCloses) {
  const auto stays = Register("stays"), goes = Register("goes", "10.0.0.2:10911");
  ASSERT_TRUE(Knows("goes"));
  goes->Close();
  EXPECT_TRUE(EventuallyKnowsNo("goes"));
  EXPECT_TRUE(Knows("stays"));
}

TEST_F(Eviction, ComesAfterTwoMinutesOfSilenceAndClosesTheConnection) {
  const auto silent = Register("silent");
  Pass(119s);
  EXPECT_TRUE(Knows("silent"));
  EXPECT_EQ(lost_, 0);
  Pass(12s);  // it looks every ten
  EXPECT_FALSE(Knows("silent"));
  EXPECT_TRUE(Eventually(30s, [&] { return lost_ == 1; }));
}

TEST_F(Eviction, ComesAfterTheTimeThatABrokerItselfHasNamed) {
  auto brief = Broker("brief");
  brief.heartbeat_timeout_ms = 15'000;
  const auto broker = Connect();
  ASSERT_EQ(Ask<wire::RegisterBroker>(*broker, brief, "{}")->code, 0);
  Pass(14s);
  EXPECT_TRUE(Knows("brief"));
  Pass(12s);
  EXPECT_FALSE(Knows("brief"));
}

TEST_F(Eviction, DoesNotComeToABrokerThatGivesASignOfLife) {
  const auto broker = Register("alive");
  wire::BrokerHeartbeat::Header sign;
  sign.cluster_name = "DefaultCluster";
  sign.broker_name = "alive";
  sign.broker_addr = Broker().broker_addr;
  for (int i = 0; i < 4; ++i) {
    Pass(90s);
    ASSERT_EQ(Ask<wire::BrokerHeartbeat>(*broker, sign)->code, 0);
  }
  EXPECT_TRUE(Knows("alive"));
  Pass(131s);
  EXPECT_FALSE(Knows("alive"));
}

}  // namespace
}  // namespace comet::namesrv
