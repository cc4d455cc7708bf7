#include "server_cluster.h"

#include <filesystem>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "sandbox.h"

namespace comet {
namespace {

// What differs from the preset: several brokers on one machine, files and times of a test's size.
constexpr const char* kSmall[] = {"mappedFileSizeConsumeQueue=60000",
                                  "maxHashSlotNum=10000",
                                  "maxIndexNum=40000",
                                  "defaultTopicQueueNums=4",
                                  "registerNameServerPeriod=10000",
                                  "slaveTimeout=1000"};

void MakeEmpty(const std::string& directory) {
  std::filesystem::create_directories(directory);
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::filesystem::remove_all(entry.path());
  }
}

}  // namespace

ServerCluster::ServerCluster(std::string preset, ClusterNetwork& network, std::string directory)
    : preset_(std::move(preset)), network_(network), directory_(std::move(directory)) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    Node& node = nodes_[i];
    node.host = kFirstBroker + i;
    node.group = i / 2;
    const std::string own = Concat(directory_, "/", NameOf(node.group), "-", i % 2);
    node.store = own + "/store";
    node.log = own + "/log";
    std::filesystem::create_directories(node.store);
    std::filesystem::create_directories(node.log);
    if (node.group == 1 && EnterSandbox().empty()) node.disk = StoreDisk::Mount(node.store);
  }
}

ServerCluster::~ServerCluster() {
  for (Node& node : nodes_) node.process.reset();
  name_server_.reset();
}

void ServerCluster::Start() {
  StartNameServer();
  for (std::size_t group = 0; group < kGroups; ++group) {
    StartBroker(master(group));
    StartBroker(slave(group));
  }
}

void ServerCluster::StopInTurn() {
  for (Node& node : nodes_) {
    node.process->Stop();
    EXPECT_EQ(node.process->exit_code(), 0) << RoleOf(node);
  }
  name_server_->Stop();
}

void ServerCluster::StartBroker(Node& node) {
  node.process = std::make_unique<ServerProcess>(COMET_MQBROKER, ArgumentsOf(node),
                                                 node.log + "/standard_error");
  bool started = false;
  network_.RunOn(node.host, [&] { started = node.process->Start(); });
  ASSERT_TRUE(started) << RoleOf(node) << ", see " << node.log;
}

void ServerCluster::StartNameServer() {
  const std::string address = network_.AddressOf(kNameServer);
  name_server_ = std::make_unique<ServerProcess>(
      COMET_MQNAMESRV,
      std::vector<std::string>{Concat("--logDir=", directory_),
                               Concat("--set=bindAddress=", address),
                               Concat("--set=listenPort=", kNameServerPort),
                               Concat("--set=kvConfigPath=", directory_, "/kvConfig.json")},
      directory_ + "/name_server_standard_error");
  bool started = false;
  network_.RunOn(kNameServer, [&] { started = name_server_->Start(); });
  ASSERT_TRUE(started) << "the name server, see " << directory_;
}

void ServerCluster::Wipe(Node& node) {
  ASSERT_TRUE(node.process == nullptr || !node.process->running());
  MakeEmpty(node.store);
}

void ServerCluster::SwapRoles(std::size_t group) {
  masters_.at(group) = 1 - masters_.at(group);
}

bool ServerCluster::IsMaster(const Node& node) const {
  return nodes_.at(2 * node.group + masters_.at(node.group)).host == node.host;
}

std::string ServerCluster::RoleOf(const Node& node) const {
  return Concat(IsMaster(node) ? "the master of " : "the slave of ", NameOf(node.group));
}

std::string ServerCluster::AddressOf(const Node& node) const {
  return Concat(network_.AddressOf(node.host), ":", kBrokerPort);
}

std::string ServerCluster::name_server_address() const {
  return Concat(network_.AddressOf(kNameServer), ":", kNameServerPort);
}

std::vector<std::string> ServerCluster::ArgumentsOf(const Node& node) {
  const std::string address = network_.AddressOf(node.host);
  const char* role = IsMaster(node) ? ".properties" : "-s.properties";
  std::vector<std::string> settings{
      Concat("bindAddress=", address),
      Concat("brokerIP1=", address),
      Concat("brokerIP2=", address),
      Concat("storePathRootDir=", node.store),
      Concat("mappedFileSizeCommitLog=", kLogFileBytes),
      Concat("flushConsumerOffsetInterval=", kFlushOffsetsMs),
      Concat("namesrvAddr=", network_.Path(node.host, kNameServer, kNameServerPort))};
  if (!IsMaster(node) && !network_.carries_packets()) {
    settings.push_back(
        Concat("haMasterAddress=", network_.Path(node.host, master(node.group).host, kHaPort)));
  }
  settings.insert(settings.end(), std::begin(kSmall), std::end(kSmall));
  std::vector<std::string> words{"-c",
                                 Concat(COMET_CONF, "/", preset_, "/", NameOf(node.group), role),
                                 Concat("--logDir=", node.log)};
  for (const std::string& setting : settings) words.push_back(Concat("--set=", setting));
  return words;
}

}  // namespace comet
