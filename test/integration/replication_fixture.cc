#include "replication_fixture.h"

#include <random>
#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/net/acceptor.h"
#include "remoting/wire/requests/get_cluster_info.h"

namespace comet::broker {

Member::Member(std::string root, std::string namesrv, FileSystem* disk)
    : options{.broker = {}, .store = {}, .net = {}, .fs = disk != nullptr ? *disk : files_} {
  auto& broker = options.broker;
  broker.name = "broker-a";
  broker.ip1 = broker.ip2 = "127.0.0.1";
  broker.bind_address = "127.0.0.1";
  broker.listen_port = 0;
  broker.namesrv_addr = std::move(namesrv);
  options.store.root = std::move(root);
  options.store.segment_bytes = 1 << 20;
  options.store.message_bytes_max = 256 << 10;
  options.store.index_slots = 1000;
  options.store.index_entries = 10'000;
}

Status Member::TryStart() {
  auto started = Broker::Start(options);
  if (!started.ok()) return started.TakeError();
  broker_ = started.Take();
  loops_ = std::make_unique<net::LoopGroup>();
  loops_->Start();
  client_ = net::Client::Create(*loops_, Concat("127.0.0.1:", broker_->port()));
  return {};
}

void Member::Start() {
  const auto started = TryStart();
  ASSERT_TRUE(started.ok()) << started.ToString();
}

void Member::Stop() {
  if (broker_ == nullptr) return;
  client_->Close();
  const auto stopped = broker_->Stop();
  EXPECT_TRUE(stopped.ok()) << stopped.ToString();
  broker_.reset();
  client_.reset();
  loops_.reset();
}

wire::SendMessage::Header Member::ToOrders() {
  wire::SendMessage::Header header;
  header.producer_group = "producers";
  header.topic = "orders";
  header.default_topic = "TBW102";
  header.queue_id = 0;
  header.born_ms = 1'700'000'000'000;
  return header;
}

std::int32_t Member::Send(std::string_view body, std::string_view properties) {
  auto header = ToOrders();
  header.properties = properties;
  return Ask<wire::SendMessage>(header, body)->code;
}

void Member::Put(int count, std::size_t bytes) {
  for (int i = 0; i < count; ++i) {
    std::string body = Concat("message ", i, " ");
    body.resize(std::max(body.size(), bytes), 'x');
    ASSERT_EQ(Send(body), 0);
  }
}

ReplicationTest::ReplicationTest() {
  namesrv::NamesrvConfig config;
  config.bind_address = "127.0.0.1";
  config.listen_port = 0;
  config.kv_config_path = directory_ / "kvConfig.json";
  namesrv_ = namesrv::Namesrv::Start(config, files_, SystemClock()).Take();
  master_ = MakeMember("master", 0, BrokerRole::kAsyncMaster);
}

ReplicationTest::~ReplicationTest() {
  master_.reset();
  namesrv_.reset();
}

std::unique_ptr<Member> ReplicationTest::MakeMember(const std::string& name, std::int64_t id,
                                                    BrokerRole role, FileSystem* disk) {
  auto member =
      std::make_unique<Member>(directory_ / name, Concat("127.0.0.1:", namesrv_->port()), disk);
  member->options.broker.id = id;
  member->options.broker.role = role;
  return member;
}

// Below the ports that the system gives (ip_local_port_range).
void ReplicationTest::SettleDown(Member& member) {
  std::random_device random;
  std::uniform_int_distribution<std::uint16_t> draw(10'000, 32'000);
  const auto is_free = [](int port) {
    return net::ListenShared("127.0.0.1", static_cast<std::uint16_t>(port), 1, 1).ok();
  };
  for (int tries = 0; tries < 100; ++tries) {
    const int port = draw(random);
    if (!is_free(port - 2) || !is_free(port) || !is_free(port + 1)) continue;
    member.options.broker.listen_port = port;  // and the one two below it
    member.options.broker.ha_listen_port = port + 1;
    return;
  }
  FAIL() << "no free ports";
}

void ReplicationTest::StartMaster() {
  master_->Start();
  net::LoopGroup loops;
  loops.Start();
  const auto client = net::Client::Create(loops, Concat("127.0.0.1:", namesrv_->port()));
  EXPECT_TRUE(Eventually([&] {
    const auto answer = client->CallAndWait<wire::GetClusterInfo>({});
    return answer.ok() && (*answer)->body.find("broker-a") != std::string_view::npos;
  }));
}

void ReplicationTest::AwaitCopied(Member& master, Member& slave) {
  const auto& log = master.store().log();
  EXPECT_TRUE(Eventually([&] {
    if (slave.store().log().flushed() != log.end()) return false;
    for (const auto& replica : master.store().replicas().All()) {
      if (replica.acked == log.end()) return true;
    }
    return false;
  })) << "the slave has "
      << slave.store().log().flushed() << " of " << log.end() << ": " << slave.view().trouble;
}

void ReplicationTest::ExpectEqualLogs(Member& a, Member& b) {
  const auto& one = a.store().log();
  const auto& other = b.store().log();
  ASSERT_EQ(one.begin(), other.begin());
  ASSERT_EQ(one.end(), other.end());
  for (auto at = one.begin(); at < one.end();) {
    const auto left = one.SegmentAt(at), right = other.SegmentAt(at);
    ASSERT_TRUE(left != nullptr && right != nullptr) << at;
    const auto bytes = std::min(left->end(), one.end()) - at;
    EXPECT_TRUE(left->From(at, bytes) == right->From(at, bytes)) << "in the file with " << at;
    at += bytes;
  }
}

}  // namespace comet::broker
