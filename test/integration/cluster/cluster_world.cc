#include "cluster_world.h"

#include <stdlib.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <utility>

#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/requests/update_topic.h"
#include "test/integration/eventually.h"

namespace comet {
namespace {

using namespace std::chrono_literals;

std::uint64_t Seed() {
  const std::string drawn = Concat(std::random_device()());
  return std::strtoull(FromEnvironment("COMET_CLUSTER_SEED", drawn).c_str(), nullptr, 10);
}

std::string NewDirectory() {
  std::string pattern = testing::TempDir() + "cluster_XXXXXX";
  return ::mkdtemp(pattern.data());
}

double SecondsSince(MonoTime start) {
  return std::chrono::duration<double>(SystemClock().Now() - start).count();
}

}  // namespace

std::string FromEnvironment(const char* name, const std::string& otherwise) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return text == nullptr ? otherwise : text;
}

ClusterWorld::ClusterWorld(const std::string& preset, Network network)
    : seed_(Seed()), sync_(preset == "2m-2s-sync"), random_(seed_), directory_(NewDirectory()) {
  std::printf("%s, COMET_CLUSTER_SEED=%llu\n", preset.c_str(),
              static_cast<unsigned long long>(seed_));
  MakeNetwork(network);
  cluster_ = std::make_unique<ServerCluster>(preset, *network_, directory_);
  cluster_->Start();
  if (testing::Test::HasFailure()) return;
  MakeTopics();
  MakeClients();
  checker_->Settle();  // slaves know the topics, too
}

ClusterWorld::~ClusterWorld() {
  load_.reset();
  reader_.reset();
  offsets_.reset();
  producer_.reset();
  client_.reset();
  cluster_.reset();
  network_.reset();
  if (testing::Test::HasFailure()) {
    std::printf("logs are kept in %s\n", directory_.c_str());
  } else {
    std::filesystem::remove_all(directory_);
  }
}

void ClusterWorld::MakeNetwork(Network network) {
  if (network == Network::kAny && FromEnvironment("COMET_CLUSTER_NETWORK", "") != "loopback") {
    std::string why_not;
    network_ = MakeTunNetwork(ServerCluster::kHosts, seed_, &why_not);
    if (network_ == nullptr) std::printf("no packets will be lost here: %s\n", why_not.c_str());
  }
  if (network_ == nullptr) network_ = MakeLoopbackNetwork(ServerCluster::kHosts);
}

bool ClusterWorld::Permits(const ClusterFault& fault) {
  return !fault.needs_disk || cluster_->nodes().back().disk != nullptr;
}

// On every master; clients make none, because a broker may be away when they ask.
void ClusterWorld::MakeTopics() {
  net::LoopGroup loops;
  loops.Start();
  for (std::size_t group = 0; group < ServerCluster::kGroups; ++group) {
    const auto client = net::Client::Create(loops, cluster_->AddressOf(cluster_->master(group)));
    for (const char* topic : {ClusterLoad::kTopic, ClusterLoad::kMuchTopic}) {
      wire::UpdateTopic::Header header;
      header.topic = topic;
      header.default_topic = "TBW102";
      header.read_queues = header.write_queues = std::int32_t{ClusterLoad::kQueues};
      const auto answer = client->CallAndWait<wire::UpdateTopic>(header, {}, {.timeout = 30s});
      ASSERT_TRUE(answer.ok()) << answer.error().ToString();
      EXPECT_TRUE((*answer)->ok()) << (*answer)->remark;
    }
    client->Close();
  }
}

void ClusterWorld::MakeClients() {
  ClientOptions options;
  options.namesrv = cluster_->name_server_address();
  options.heartbeat_interval = options.route_refresh_interval = 1s;
  options.log = [](Severity, std::string_view, std::string_view) {
  };  // there is a lot to say
  auto client = Client::connect(options);
  ASSERT_TRUE(client) << client.error().message();
  client_ = *client;
  ProducerOptions producing;
  producing.compression.type = Compression::Type::none;
  auto producer = client_->producer(producing);
  ASSERT_TRUE(producer) << producer.error().message();
  producer_.emplace(std::move(producer).value());
  AwaitQueues(ClusterLoad::kMuchTopic);
  const auto queues = AwaitQueues(ClusterLoad::kTopic);
  reader_ = std::make_unique<ClusterReader>(*client_, ClusterLoad::kTopic);
  load_ = std::make_unique<ClusterLoad>(*producer_, queues, ledger_);
  offsets_ = std::make_unique<OffsetWatch>(*cluster_, queues);
  checker_ = std::make_unique<ClusterChecker>(
      ClusterChecker::Parts{*cluster_, *load_, *reader_, ledger_, *offsets_, queues, sync_});
}

std::vector<Queue> ClusterWorld::AwaitQueues(const std::string& topic) {
  std::vector<Queue> queues;
  EXPECT_TRUE(Eventually(20s, [&] {
    auto found = producer_->queues(topic);
    if (found) queues = std::move(found).value();
    return queues.size() == ServerCluster::kGroups * ClusterLoad::kQueues;
  })) << topic;
  return queues;
}

void ClusterWorld::GoThrough(const ClusterFault& fault, std::size_t group, bool weather) {
  FaultScene scene = Scene();
  const MonoTime start = SystemClock().Now();
  const std::string network = weather ? BeginWeather(scene) : "fair";
  std::printf("  %s, %s, network %s: ", std::string(fault.name).c_str(),
              ServerCluster::NameOf(group).c_str(), network.c_str());
  std::fflush(stdout);
  fault.run(scene, group);
  EndWeather(scene);
  const double over = SecondsSince(start);
  if (testing::Test::HasFatalFailure()) return;
  checker_->Settle();
  std::printf(
      "%.1f s, settled after %.1f s; %zu acknowledged, %zu with SEND_OK, %zu read from "
      "slaves alone, %zu read again\n",
      over, SecondsSince(start) - over, ledger_.told(), ledger_.send_ok(),
      checker_->read_from_slave(), reader_->again());
}

}  // namespace comet
