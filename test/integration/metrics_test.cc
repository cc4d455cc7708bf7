// What a broker tells Prometheus: of itself, and how far its replicas are.

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/slave/master_log.h"
#include "remoting/base/text.h"
#include "remoting/net/acceptor.h"
#include "remoting/wire/ha_stream.h"
#include "remoting/wire/requests/get_broker_config.h"
#include "scrape.h"
#include "slave_fixture.h"
#include "test/net/raw_peer.h"

namespace comet::broker {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr auto kLag = "rocketmq_replica_lag_bytes";
constexpr auto kInSync = "rocketmq_replica_in_sync";
constexpr auto kLinkUp = "rocketmq_replica_link_up";

class MetricsTest : public SlaveTest {
 protected:
  MetricsTest() { Export(*master_); }

  static void Export(Member& member) {
    member.options.broker.metrics_output = MetricsOutput::kProm;
    member.options.broker.metrics_port = 0;
  }
  void StartSlave() {
    slave_ = MakeSlave();
    Export(*slave_);
    slave_->Start();
    AwaitRound();
  }
  static Scrape Look(Member& member) {
    auto scrape = Scrape::Of(member.broker().metrics_port());
    EXPECT_EQ(scrape.complaint(), "");
    return scrape;
  }
  static std::optional<double> Lag(Member& member, std::string_view replica = "1") {
    return Look(member).Find(kLag, "replica", replica);
  }
};

TEST_F(MetricsTest, EverySeriesSaysWhoseItIs) {
  master_->options.broker.metrics_label = "env:test, zone:a\"b";
  StartMaster();
  const auto scrape = Look(*master_);
  EXPECT_GT(scrape.series().size(), 20U);
  for (const auto& [series, value] : scrape.series()) {
    EXPECT_THAT(series, HasSubstr("{cluster=\"DefaultCluster\",node_type=\"broker\",node_id="
                                  "\"broker-a\",env=\"test\",zone=\"a\\\"b\""));
  }
  const auto& types = scrape.types();
  EXPECT_EQ(types.at("rocketmq_store_appended_total"), "counter");
  EXPECT_EQ(types.at("rocketmq_net_connections"), "gauge");
  EXPECT_EQ(types.at("rocketmq_replica_sent_bytes_total"), "counter");
}

TEST_F(MetricsTest, ItSaysWhatItIsAndWhatItHasDone) {
  StartMaster();
  master_->Put(3);
  const auto scrape = Look(*master_);
  EXPECT_EQ(scrape.Find("rocketmq_store_appended_total", "node_id", "broker-a"), 3);
  EXPECT_EQ(scrape.Find("rocketmq_broker_info", "role", "ASYNC_MASTER"), 1);
  EXPECT_EQ(scrape.Find("rocketmq_broker_info", "broker_id", "0"), 1);
  EXPECT_EQ(scrape.Find("rocketmq_replicas_in_sync", "node_id", "broker-a"), 0);
  EXPECT_EQ(scrape.types().count(kLag), 0U) << "no replica, no series";
}

TEST_F(MetricsTest, LagOfASlaveIsSeenAtBothEndsAndEnds) {
  StartMaster();
  StartSlave();
  master_->Put(1);
  AwaitCopied(*master_, *slave_);
  EXPECT_EQ(Lag(*master_), 0);
  EXPECT_TRUE(Follows([&] { return Lag(*slave_) == 0; }));
  EXPECT_EQ(Look(*master_).Find(kInSync, "replica", "1"), 1);
  EXPECT_TRUE(Eventually([&] { return Look(*slave_).Find(kLinkUp, "replica", "1") == 1; }));

  LimitSending(*master_, true);
  master_->Put(20, 100 << 10);
  EXPECT_TRUE(Eventually([&] { return Lag(*master_) > 100'000; }));
  EXPECT_TRUE(Follows([&] { return Lag(*slave_) > 100'000; }));

  LimitSending(*master_, false);
  EXPECT_TRUE(Eventually([&] { return Lag(*master_) == 0; }));
  EXPECT_TRUE(Follows([&] { return Lag(*slave_) == 0; }));
}

TEST_F(MetricsTest, WhoIsNotInSyncIsSaidSo) {
  master_->options.store.replica_gap_bytes = 1 << 20;
  StartMaster();
  net::RawPeer replica(master_->broker().ha_port());
  const auto report = [&](std::int64_t offset) {
    std::string bytes(wire::kHaReportBytes, '\0');
    wire::EncodeHaReport(offset, bytes.data());
    ASSERT_TRUE(replica.Send(bytes));
  };
  report(0);
  EXPECT_TRUE(Eventually([&] { return Lag(*master_, "127.0.0.1") == 0; }));
  master_->Put(11, 100 << 10);
  const auto end = master_->store().log().end();
  EXPECT_EQ(Lag(*master_, "127.0.0.1"), static_cast<double>(end));
  EXPECT_EQ(Look(*master_).Find(kInSync, "replica", "127.0.0.1"), 0);
  ASSERT_TRUE(Eventually([&] {
    return Look(*master_).Find("rocketmq_replica_sent_bytes_total", "node_id", "broker-a") == end;
  })) << "a report of what was not sent is a stranger's";
  report(end);
  EXPECT_TRUE(Eventually([&] { return Lag(*master_, "127.0.0.1") == 0; }));
  EXPECT_EQ(Look(*master_).Find(kInSync, "replica", "127.0.0.1"), 1);
  replica.Reset();
  EXPECT_TRUE(Eventually([&] { return !Lag(*master_, "127.0.0.1"); })) << "its series end with it";
}

TEST_F(MetricsTest, ASlaveWhoseMasterIsGoneDoesNotGuess) {
  StartMaster();
  StartSlave();
  EXPECT_TRUE(Follows([&] { return Lag(*slave_) == 0; }));
  master_->Stop();
  AwaitMasterGone();
  EXPECT_FALSE(Lag(*slave_));
  EXPECT_TRUE(Eventually([&] { return Look(*slave_).Find(kLinkUp, "replica", "1") == 0; }));
  EXPECT_EQ(Look(*slave_).Find("rocketmq_broker_info", "role", "SLAVE"), 1);
}

TEST_F(MetricsTest, WhatTheMasterSaidLongAgoCountsNoMore) {
  StartMaster();
  master_->Put(1);
  net::LoopGroup loops;
  loops.Start();
  const auto client = net::Client::Create(loops, Concat("127.0.0.1:", master_->broker().port()));
  ManualClock clock;
  const auto end = master_->store().log().end();
  std::int64_t own = 40;
  MasterLog log(clock, [&own] { return own; });
  EXPECT_FALSE(log.lag());
  EXPECT_TRUE(log.Item().run(*client).ok());
  EXPECT_EQ(log.lag(), end - 40);
  own = end;  // and the master has gone on since, for all that is known
  clock.Advance(std::chrono::seconds(29));
  EXPECT_EQ(log.lag(), end - 40);
  clock.Advance(std::chrono::seconds(1));
  EXPECT_FALSE(log.lag());
}

TEST_F(MetricsTest, WithoutItNothingListens) {
  const auto taken = net::ListenShared("127.0.0.1", 0, 1, 1);
  master_->options.broker.metrics_output = MetricsOutput::kDisable;
  master_->options.broker.metrics_port = *net::PortOf((*taken)[0]);
  StartMaster();
  EXPECT_EQ(master_->broker().metrics_port(), 0);
}

TEST_F(MetricsTest, APortThatIsInUseEndsTheStart) {
  const auto taken = net::ListenShared("127.0.0.1", 0, 1, 1);
  const auto port = *net::PortOf((*taken)[0]);
  master_->options.broker.metrics_port = port;
  const auto started = master_->TryStart();
  EXPECT_THAT(started.message(),
              AllOf(HasSubstr("metricsPromExporterPort"), HasSubstr(Concat("127.0.0.1:", port)),
                    HasSubstr("another process listens there")));
  master_->options.broker.metrics_port = 0;
  StartMaster();
  EXPECT_EQ(Look(*master_).Find("rocketmq_store_appended_total", "node_id", "broker-a"), 0);
}

TEST_F(MetricsTest, WhoIsConnectedDoesNotKeepABrokerFromStopping) {
  StartMaster();
  net::RawPeer silent(master_->broker().metrics_port()), slow(master_->broker().metrics_port());
  ASSERT_TRUE(slow.Send("GET /metr"));
  Look(*master_);
  master_->Stop();
  EXPECT_TRUE(silent.ClosedByServer());
  EXPECT_TRUE(slow.ClosedByServer());
}

TEST_F(MetricsTest, ItsSettingsAreShownWithTheOthers) {
  StartMaster();
  EXPECT_THAT(
      std::string(master_->Ask<wire::GetBrokerConfig>({})->body),
      AllOf(HasSubstr("\nmetricsExporterType=PROM\n"), HasSubstr("\nmetricsLabel=\n"),
            HasSubstr("\nmetricsPromExporterHost=\n"), HasSubstr("\nmetricsPromExporterPort=0\n")));
}

}  // namespace
}  // namespace comet::broker
