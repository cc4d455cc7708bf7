#include "cluster.h"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/requests/update_topic.h"

namespace comet {

Cluster::Cluster() : namesrv_(StartNamesrv("kvConfig.json")) {}

Cluster::~Cluster() {
  for (Master& master : masters_) EXPECT_TRUE(master.broker->Stop().ok());
  masters_.clear();
  namesrv_.reset();
}

std::unique_ptr<namesrv::Namesrv> Cluster::StartNamesrv(const std::string& kv_file) {
  namesrv::NamesrvConfig config;
  config.bind_address = "127.0.0.1";
  config.listen_port = 0;
  config.kv_config_path = directory_ / kv_file;
  auto started = namesrv::Namesrv::Start(config, files_, SystemClock());
  EXPECT_TRUE(started.ok()) << started.error().ToString();
  return started.Take();
}

void Cluster::AddBroker(const std::string& name, bool creates_topics,
                        const std::string& announced_host) {
  broker::BrokerOptions options{.broker = {}, .store = {}, .net = {}, .fs = files_};
  options.broker.name = name;
  options.broker.ip1 = announced_host;
  options.broker.bind_address = "127.0.0.1";
  options.broker.listen_port = 0;
  options.broker.namesrv_addr = namesrv();
  options.broker.auto_create_topic = creates_topics;
  options.store.root = directory_ / name;
  options.store.segment_bytes = 4 << 20;
  options.store.index_slots = 1000;
  options.store.index_entries = 10'000;
  auto started = broker::Broker::Start(options);
  ASSERT_TRUE(started.ok()) << started.error().ToString();
  masters_.push_back({name, started.Take()});
}

void Cluster::StopBroker(const std::string& name) {
  const auto master = std::find_if(masters_.begin(), masters_.end(),
                                   [&](const Master& one) { return one.name == name; });
  ASSERT_NE(master, masters_.end());
  EXPECT_TRUE(master->broker->Stop().ok());
  masters_.erase(master);
}

void Cluster::StopNamesrv() {
  namesrv_.reset();
}

std::string Cluster::AddEmptyNamesrv() {
  const std::string kv_file = Concat("kvConfig-", empty_namesrvs_.size(), ".json");
  empty_namesrvs_.push_back(StartNamesrv(kv_file));
  return Concat("127.0.0.1:", empty_namesrvs_.back()->port());
}

void Cluster::CreateTopic(const std::string& topic, int queues) {
  net::LoopGroup loops;
  loops.Start();
  for (const Master& master : masters_) {
    const auto client = net::Client::Create(loops, AddressOf(master.name));
    wire::UpdateTopic::Header header;
    header.topic = topic;
    header.default_topic = "TBW102";
    header.read_queues = header.write_queues = queues;
    const auto answer = client->CallAndWait<wire::UpdateTopic>(
        header, {}, {.timeout = std::chrono::seconds(30)});
    ASSERT_TRUE(answer.ok()) << answer.error().ToString();
    EXPECT_TRUE((*answer)->ok()) << (*answer)->remark;
    client->Close();
  }
}

std::string Cluster::namesrv() const {
  return Concat("127.0.0.1:", namesrv_->port());
}

std::string Cluster::AddressOf(const std::string& broker) const {
  for (const Master& master : masters_) {
    if (master.name == broker) return Concat("127.0.0.1:", master.broker->port());
  }
  return {};
}

}  // namespace comet
