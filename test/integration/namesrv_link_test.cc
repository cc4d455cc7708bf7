#include "broker/namesrv_link.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eventually.h"
#include "fault_proxy.h"
#include "namesrv/namesrv.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"
#include "remoting/base/worker.h"
#include "remoting/net/acceptor.h"
#include "test/base/temp_directory.h"

namespace comet::broker {
namespace {

using testing::ElementsAre;
using testing::Pair;

// Name servers, and the links of brokers that are nothing but a link.
class NamesrvLinkTest : public testing::Test {
 protected:
  struct Member {
    explicit Member(BrokerConfig config, FileSystem& fs, store::meta::MetaStore& meta,
                    Duration told_within)
        : live(std::move(config)),
          topics(SystemClock(), meta),
          link({loops, worker, topics, live, fs, SystemClock(), told_within}) {
      link.SetMasterListener([this](std::string address, std::string ha_address) {
        MutexLock lock(mutex);
        masters.push_back(address + " " + ha_address);
      });
      loops.Start();
    }
    ~Member() {
      link.Stop();
      worker.Stop();
      loops.Stop();
    }
    std::vector<std::string> Masters() const {
      MutexLock lock(mutex);
      return masters;
    }

    net::LoopGroup loops;
    Worker worker{"timer"};
    Live<BrokerConfig> live;
    TopicTable topics;
    NamesrvLink link;
    mutable Mutex mutex;
    std::vector<std::string> masters GUARDED_BY(mutex);
  };

  NamesrvLinkTest() {
    meta_ = store::meta::MetaStore::Open({.directory = directory_ / "meta"}).Take();
    first_ = StartNamesrv("first");
    second_ = StartNamesrv("second");
  }
  ~NamesrvLinkTest() override {
    master_.reset();
    slave_.reset();
    meta_.reset();
  }
  std::unique_ptr<namesrv::Namesrv> StartNamesrv(const std::string& name) {
    namesrv::NamesrvConfig config;
    config.bind_address = "127.0.0.1";
    config.listen_port = 0;
    config.kv_config_path = directory_ / name + ".json";
    return namesrv::Namesrv::Start(config, files_, SystemClock()).Take();
  }
  static std::string AddressOf(const namesrv::Namesrv& server) {
    return Concat("127.0.0.1:", server.port());
  }
  static BrokerConfig Config(std::int64_t id, const std::string& servers) {
    BrokerConfig config;
    config.name = "broker-a";
    config.id = id;
    config.ip1 = config.ip2 = "127.0.0.1";
    config.ha_listen_port = 7000 + static_cast<std::int32_t>(id);
    config.namesrv_addr = servers;
    return config;
  }
  std::unique_ptr<Member> Join(BrokerConfig config, std::uint16_t port,
                               std::function<bool()> master_in_use = nullptr) {
    auto member = std::make_unique<Member>(std::move(config), files_, *meta_, told_within_);
    member->link.SetMasterInUse(std::move(master_in_use));
    member->link.Start(port);
    return member;
  }
  static void SetList(Member& member, const std::string& servers) {
    auto config = *member.live.Get();
    config.namesrv_addr = servers;
    member.live.Replace(std::move(config));
    member.link.OnSettingsChanged();
  }
  // Makes a topic and waits until the link says that name servers know it.
  static void Tell(Member& member, const std::string& topic) {
    wire::TopicConfig config;
    config.name = topic;
    config.read_queues = config.write_queues = 1;
    std::promise<void> told;
    auto future = told.get_future();
    member.link.OnTopicsChanged({config});
    member.link.WhenTold([told = std::move(told)]() mutable { told.set_value(); });
    ASSERT_EQ(future.wait_for(std::chrono::seconds(15)), std::future_status::ready);
  }
  static std::map<std::int64_t, std::string> Known(const namesrv::Namesrv& server) {
    return server.registry().Addresses("DefaultCluster", "broker-a");
  }
  template <class Done>
  static void Await(Done done) {
    ASSERT_TRUE(Eventually(std::chrono::seconds(20), std::move(done)));
  }

  Duration told_within_ = std::chrono::minutes(5);  // of links made from now on
  TempDirectory directory_;
  PosixFileSystem files_;
  std::unique_ptr<store::meta::MetaStore> meta_;
  std::unique_ptr<namesrv::Namesrv> first_, second_;
  std::atomic<bool> master_serves_ = true;  // until the slave's link has ended
  std::unique_ptr<Member> master_, slave_;
};

TEST_F(NamesrvLinkTest, AListThatIsChangedIsFollowedAtOnce) {
  master_ = Join(Config(0, AddressOf(*first_)), 6000);
  Await([&] { return !Known(*first_).empty(); });
  SetList(*master_, AddressOf(*first_) + ";" + AddressOf(*second_));
  Await([&] { return !Known(*second_).empty(); });
  SetList(*master_, AddressOf(*second_));
  Await([&] { return Known(*first_).empty(); });  // left in order
  EXPECT_THAT(Known(*second_), ElementsAre(Pair(0, "127.0.0.1:6000")));
  EXPECT_THAT(master_->link.servers(), ElementsAre(AddressOf(*second_)));
}

TEST_F(NamesrvLinkTest, AFileThatChangesIsFollowedWithinSeconds) {
  const auto file = directory_ / "servers";
  ASSERT_TRUE(WriteFileAtomically(files_, file, AddressOf(*first_) + "\n").ok());
  auto config = Config(0, "");
  config.namesrv_addr_file = file;
  master_ = Join(std::move(config), 6000);
  Await([&] { return !Known(*first_).empty(); });
  ASSERT_TRUE(WriteFileAtomically(files_, file, AddressOf(*second_) + "\n").ok());
  Await([&] { return Known(*first_).empty() && !Known(*second_).empty(); });
}

TEST_F(NamesrvLinkTest, ASlaveHearsOfAMasterThatCameLater) {
  slave_ = Join(Config(1, AddressOf(*first_)), 6001);
  Await([&] { return !Known(*first_).empty(); });
  master_ = Join(Config(0, AddressOf(*first_)), 6000);
  Await([&] { return !slave_->Masters().empty(); });
  EXPECT_THAT(slave_->Masters(), ElementsAre("127.0.0.1:6000 127.0.0.1:7000"));
}

TEST_F(NamesrvLinkTest, ASlaveHearsOnceOfAMasterThatAllNameServersKnow) {
  const auto both = AddressOf(*first_) + ";" + AddressOf(*second_);
  master_ = Join(Config(0, both), 6000);
  Await([&] { return !Known(*first_).empty() && !Known(*second_).empty(); });
  slave_ = Join(Config(1, both), 6001);
  Await([&] { return !slave_->Masters().empty(); });
  SetList(*slave_, AddressOf(*second_));
  SetList(*slave_, both);  // new for the slave: registers, and is told again
  Await([&] { return Known(*first_).size() == 2 && Known(*second_).size() == 2; });
  EXPECT_EQ(slave_->Masters().size(), 1U);
}

TEST_F(NamesrvLinkTest, ASlaveHearsOfAMasterThatMoved) {
  master_ = Join(Config(0, AddressOf(*first_)), 6000);
  Await([&] { return !Known(*first_).empty(); });
  slave_ = Join(Config(1, AddressOf(*first_)), 6001);
  Await([&] { return !slave_->Masters().empty(); });
  master_.reset();
  master_ = Join(Config(0, AddressOf(*first_)), 6005);
  Await([&] { return Known(*first_).contains(0); });
  SetList(*slave_, AddressOf(*first_) + ";" + AddressOf(*second_));
  // A later round of registrations tells it; a topic that changes makes one.
  Await([&] {
    slave_->link.OnTopicsChanged({});
    return slave_->Masters().size() == 2;
  });
  EXPECT_EQ(slave_->Masters().back(), "127.0.0.1:6005 127.0.0.1:7000");
}

TEST_F(NamesrvLinkTest, NameServersThatDisagreeDoNotTakeAMasterAwayThatServes) {
  master_ = Join(Config(0, AddressOf(*first_)), 6000);
  const auto moved = Join(Config(0, AddressOf(*second_)), 6005);
  Await([&] { return !Known(*first_).empty() && !Known(*second_).empty(); });
  slave_ = Join(Config(1, AddressOf(*first_)), 6001, [this] { return master_serves_.load(); });
  Await([&] { return !slave_->Masters().empty(); });
  SetList(*slave_, AddressOf(*first_) + ";" + AddressOf(*second_));
  Await([&] { return Known(*second_).size() == 2; });
  for (int round = 0; round < 100; ++round) slave_->link.OnTopicsChanged({});
  EXPECT_EQ(slave_->Masters().size(), 1U);
  master_serves_ = false;
  Await([&] {
    slave_->link.OnTopicsChanged({});
    return slave_->Masters().size() > 1;
  });
  EXPECT_EQ(slave_->Masters()[1], "127.0.0.1:6005 127.0.0.1:7000");
}

TEST_F(NamesrvLinkTest, AChangedTopicHasItsRouteAtEveryNameServerWhenItIsTold) {
  master_ = Join(Config(0, AddressOf(*first_) + ";" + AddressOf(*second_)), 6000);
  for (int i = 0; i < 50; ++i) {
    const auto name = Concat("orders", i);
    Tell(*master_, name);
    EXPECT_TRUE(first_->registry().Route(name)) << name;
    EXPECT_TRUE(second_->registry().Route(name)) << name;
  }
}

TEST_F(NamesrvLinkTest, ASilentNameServerHoldsAChangeForSecondsOnly) {
  told_within_ = std::chrono::seconds(1);
  FaultProxy silent("127.0.0.2", second_->port(), second_->port());
  master_ = Join(Config(0, AddressOf(*first_) + ";" + silent.address()), 6000);
  Await([&] { return !Known(*first_).empty() && !Known(*second_).empty(); });
  Tell(*master_, "before");
  silent.Set(FaultProxy::Fault::kHalfOpen);
  Tell(*master_, "orders");  // long before the registration itself is given up
  EXPECT_TRUE(first_->registry().Route("orders"));
  EXPECT_FALSE(second_->registry().Route("orders"));
}

TEST_F(NamesrvLinkTest, ASilentNameServerIsWaitedForOnce) {
  told_within_ = std::chrono::seconds(1);
  const auto silent = net::ListenShared("127.0.0.1", 0, 8, 1).Take();  // connects, never answers
  master_ =
      Join(Config(0, Concat(AddressOf(*first_), ";127.0.0.1:", *net::PortOf(silent[0]))), 6000);
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 60; ++i) Tell(*master_, Concat("orders", i));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
}

TEST_F(NamesrvLinkTest, ANameServerThatIsDownHoldsNoChange) {
  const auto gone = AddressOf(*second_);
  second_.reset();
  master_ = Join(Config(0, AddressOf(*first_) + ";" + gone), 6000);
  Tell(*master_, "orders");
  EXPECT_TRUE(first_->registry().Route("orders"));
}

TEST_F(NamesrvLinkTest, ANameServerThatIsDownKeepsNobodyFromTheOthers) {
  const auto gone = AddressOf(*first_);
  first_.reset();
  master_ = Join(Config(0, gone + ";" + AddressOf(*second_)), 6000);
  Await([&] { return !Known(*second_).empty(); });
}

}  // namespace
}  // namespace comet::broker
