#include "broker_fixture.h"

#include "broker/context.h"
#include "eventually.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/properties.h"

namespace comet::broker {

std::string Received::Property(std::string_view name) const {
  return std::string(wire::FindProperty(properties, name).value_or(""));
}

BrokerTest::BrokerTest() : options_{.broker = {}, .store = {}, .net = {}, .fs = files_} {
  options_.broker.name = "broker-a";
  options_.broker.ip1 = "127.0.0.1";
  options_.broker.bind_address = "127.0.0.1";
  options_.broker.listen_port = 0;
  options_.store.root = directory_ / "store";
  options_.store.segment_bytes = 4 << 20;
  options_.store.index_slots = 1000;
  options_.store.index_entries = 10'000;
}

BrokerTest::~BrokerTest() {
  StopBroker();
}

void BrokerTest::Start() {
  StartWith(options_);
}

void BrokerTest::StartWith(const BrokerOptions& options) {
  auto started = Broker::Start(options);
  ASSERT_TRUE(started.ok()) << started.error().ToString();
  broker_ = started.Take();
  client_loops_ = std::make_unique<net::LoopGroup>();
  client_loops_->Start();
  client_ = net::Client::Create(*client_loops_, "127.0.0.1:" + std::to_string(broker_->port()));
}

void BrokerTest::StopBroker() {
  if (client_) client_->Close();
  if (broker_) {
    const auto stopped = broker_->Stop();
    EXPECT_TRUE(stopped.ok()) << stopped.ToString();
  }
  broker_.reset();
  client_.reset();
  client_loops_.reset();
}

BrokerTest::SendHeader BrokerTest::SendTo(std::string_view topic, std::int32_t queue_id) {
  SendHeader header;
  header.producer_group = "producers";
  header.topic = topic;
  header.default_topic = "TBW102";
  header.queue_id = queue_id;
  header.born_ms = 1'700'000'000'000;
  return header;
}

net::OwnedAnswer<wire::SendMessage> BrokerTest::Send(const SendHeader& header,
                                                     std::string_view body, std::int32_t code) {
  const auto spelling = code == 10 ? wire::Spelling::kLong : wire::Spelling::kShort;
  auto answer = client().CallAndWait<wire::SendMessage>(
      header, body, {.timeout = kTimeout, .code = code, .spelling = spelling});
  EXPECT_TRUE(answer.ok()) << (answer.ok() ? "" : answer.error().ToString());
  AwaitDispatch();
  return answer.Take();
}

// A message is answered when it is stored, and in its queue a moment later.
void BrokerTest::AwaitDispatch() {
  auto& store = broker_->context().store;
  const auto end = store.log().visible();
  EXPECT_TRUE(Eventually(kTimeout, [&] { return store.dispatcher().dispatched() >= end; }));
}

std::int64_t BrokerTest::Put(std::string_view topic, std::string_view body,
                             std::string_view properties) {
  auto header = SendTo(topic);
  header.properties = properties;
  const auto answer = Send(header, body);
  EXPECT_EQ(answer->code, 0) << answer->remark;
  return answer->reply.queue_offset;
}

BrokerTest::PullHeader BrokerTest::PullFrom(std::string_view topic, std::int64_t offset,
                                            std::int32_t queue_id) {
  PullHeader header;
  header.consumer_group = "consumers";
  header.topic = topic;
  header.queue_id = queue_id;
  header.queue_offset = offset;
  header.sys_flag = wire::pull_flag::kSubscription;
  header.subscription = "*";
  return header;
}

net::OwnedAnswer<wire::PullMessage> BrokerTest::Pull(const PullHeader& header) {
  auto answer = client().CallAndWait<wire::PullMessage>(header, {}, {.timeout = kTimeout});
  EXPECT_TRUE(answer.ok()) << (answer.ok() ? "" : answer.error().ToString());
  return answer.Take();
}

Received BrokerTest::Next(std::string_view topic, std::int64_t offset, std::int32_t queue_id) {
  auto header = PullFrom(topic, offset, queue_id);
  header.sys_flag |= wire::pull_flag::kSuspend;
  header.suspend_timeout_ms = 20'000;
  const auto answer = Pull(header);
  EXPECT_EQ(answer->code, 0) << answer->remark;
  const auto records = Records(answer->body);
  EXPECT_FALSE(records.empty());
  return records.empty() ? Received{} : records.front();
}

std::vector<Received> BrokerTest::Records(std::string_view body) {
  std::vector<Received> all;
  while (!body.empty()) {
    const auto read = wire::ReadRecord(body, {.body_crc = true, .log_offset = std::nullopt});
    EXPECT_EQ(read.state, wire::RecordState::kRecord) << read.reason;
    if (read.state != wire::RecordState::kRecord) break;
    const auto& record = read.record;
    Received one;
    one.topic = record.topic;
    one.body = record.body;
    one.properties = record.properties;
    one.queue_id = record.queue_id;
    one.reconsume_times = record.reconsume_times;
    one.queue_offset = record.queue_offset;
    one.log_offset = record.log_offset;
    all.push_back(std::move(one));
    body.remove_prefix(record.bytes);
  }
  return all;
}

}  // namespace comet::broker
