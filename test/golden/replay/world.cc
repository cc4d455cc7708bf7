#include "test/golden/replay/world.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include "remoting/base/check.h"
#include "remoting/base/clock.h"
#include "remoting/base/text.h"
#include "remoting/wire/frame.h"
#include "remoting/wire/requests/get_route.h"

namespace comet::golden {
namespace {

// What the recorded brokers listened on, by version of the recording.
constexpr std::string_view kRecordedAddresses[] = {"127.0.0.2:20110", "127.0.0.2:20210"};
constexpr std::int64_t kRecordedMs = 1'795'253'638'219;  // when the raw requests were made up
constexpr std::int64_t kNearMs = 30LL * 24 * 3'600'000;

// The requests of a recording that leave something behind.
const std::set<std::int32_t> kLasting = {10, 15, 17, 34, 200, 310, 320};

std::string ReplaceAll(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Moves every time near the recording's to as near now.
std::string MoveTimes(std::string text, std::int64_t by_ms) {
  constexpr std::size_t kDigits = 13;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && IsDigit(text[end])) ++end;
    std::int64_t value = 0;
    if (end - at == kDigits) std::from_chars(&text[at], &text[end], value);
    if (std::abs(value - kRecordedMs) < kNearMs) {
      text.replace(at, kDigits, std::to_string(value + by_ms));
    }
    at = end + 1;
  }
  return text;
}

}  // namespace

World::World(std::string version) : version_(std::move(version)) {
  StartServers();
  SendAsRecorded("send");
  SendAsRecorded("push");
  WaitForRoute("GoldenSend");
}

World::~World() {
  EXPECT_TRUE(broker_->Stop().ok());
  broker_.reset();
  namesrv_.reset();
}

void World::StartServers() {
  namesrv::NamesrvConfig names;
  names.bind_address = "127.0.0.1";
  names.listen_port = 0;
  names.kv_config_path = directory_ / "kvConfig.json";
  names.config_store_path = directory_ / "namesrv.properties";
  auto namesrv = namesrv::Namesrv::Start(names, files_, SystemClock());
  COMET_CHECK(namesrv.ok());
  namesrv_ = namesrv.Take();

  broker::BrokerOptions options{.broker = {}, .store = {}, .net = {}, .fs = files_};
  options.broker.name = "broker-a";
  options.broker.ip1 = "127.0.0.1";
  options.broker.bind_address = "127.0.0.1";
  options.broker.listen_port = 0;
  options.broker.namesrv_addr = Concat("127.0.0.1:", namesrv_->port());
  options.broker.default_topic_queues = 4;
  options.broker.trace_topic = true;
  options.store.root = directory_ / "store";
  options.store.segment_bytes = 16 << 20;
  options.store.index_slots = 1000;
  options.store.index_entries = 10'000;
  auto broker = broker::Broker::Start(options);
  COMET_CHECK(broker.ok());
  broker_ = broker.Take();
}

std::uint16_t World::PortOf(std::string_view peer) const {
  if (peer == "ns") return namesrv_->port();
  return peer == "vip" ? broker_->vip_port() : broker_->port();
}

std::string World::Translate(const GoldenFrame& frame) const {
  auto changed = frame;
  if (frame.omitted_body_bytes > 0) changed.body.assign(frame.omitted_body_bytes, 'x');
  if (frame.broken || frame.header_type != 0) return changed.Bytes();
  const auto ours = Concat("127.0.0.1:", broker_->port());
  for (const auto recorded : kRecordedAddresses) {
    changed.header = ReplaceAll(changed.header, recorded, ours);
  }
  changed.header = MoveTimes(changed.header, SystemClock().WallNow() - kRecordedMs);
  return changed.Bytes();
}

void World::SendAsRecorded(const std::string& file) {
  RawPeer peer(broker_->port());
  for (const auto& frame : ReadGoldenFrames("java-" + version_ + "-json/" + file)) {
    const bool to_broker = frame.to_server && frame.peer != "ns" && !frame.is_reply();
    if (!to_broker || kLasting.count(frame.code) == 0) continue;
    peer.Send(Translate(frame));
    if ((frame.flag & wire::kFlagOneway) != 0) continue;
    auto reply = peer.Receive();
    while (reply && !reply->is_reply()) reply = peer.Receive();  // notifications come between
    COMET_CHECK(reply.has_value());
  }
}

// The broker tells the name server of new topics soon, not at once.
void World::WaitForRoute(std::string_view topic) {
  RawPeer peer(namesrv_->port());
  wire::Head head;
  head.code = wire::GetRoute::kCodes[0];
  wire::GetRoute::Header header;
  header.topic = topic;
  std::string request;
  wire::AppendFrame(head, header, {}, &request);
  const auto deadline = SystemClock().Now() + std::chrono::seconds(20);
  for (std::int32_t code = -1; code != 0;) {
    peer.Send(request);
    const auto reply = peer.Receive();
    COMET_CHECK(reply.has_value());
    COMET_CHECK(SystemClock().Now() < deadline);
    code = reply->code;
  }
}

}  // namespace comet::golden
