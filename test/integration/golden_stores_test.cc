// The four stores that Apache's brokers left, opened by a broker of ours and asked over its
// protocol: what the manifests list is found by queue, by id, by key and by time.

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "broker_fixture.h"
#include "remoting/base/text.h"
#include "remoting/wire/message_id.h"
#include "remoting/wire/requests/query_message.h"
#include "remoting/wire/requests/search_offset.h"
#include "remoting/wire/requests/view_message.h"
#include "test/store/golden_store.h"

namespace comet::broker {
namespace {

using nlohmann::json;

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
    hex.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
  return hex;
}

class GoldenStores : public BrokerTest, public testing::WithParamInterface<std::string> {
 protected:
  GoldenStores() {
    options_.store = golden_.Config();
    options_.store.reserved_hours = 1'000'000;  // the recordings grow old
    options_.store.accept_loss = false;
    Start();
    for (const auto& message : manifest()["messages"]) by_place_[message["phyOffset"]] = &message;
  }
  ~GoldenStores() override { StopBroker(); }  // before its store goes

  const json& manifest() const { return golden_.manifest(); }
  const json& MessageAt(std::int64_t log_offset) const { return *by_place_.at(log_offset); }

  // Splits an answer's body; every record must be the manifest's. Its CRC is checked, so the body
  // of the message is the recorded one.
  std::vector<std::int64_t> PlacesOf(std::string_view body) const {
    std::vector<std::int64_t> places;
    while (!body.empty()) {
      const auto read = wire::ReadRecord(body, {.body_crc = true, .log_offset = std::nullopt});
      EXPECT_EQ(read.state, wire::RecordState::kRecord) << read.reason;
      if (read.state != wire::RecordState::kRecord) break;
      ExpectRecorded(read.record);
      places.push_back(read.record.log_offset);
      body.remove_prefix(read.record.bytes);
    }
    return places;
  }
  void ExpectRecorded(const wire::RecordView& record) const {
    const auto known = by_place_.find(record.log_offset);
    if (known == by_place_.end()) return;  // delayed messages that this broker has delivered
    const json& message = *known->second;
    EXPECT_EQ(record.topic, message["topic"].get<std::string>());
    EXPECT_EQ(record.queue_id, message["queueId"]);
    EXPECT_EQ(record.queue_offset, message["queueOffset"]);
    EXPECT_EQ(record.bytes, message["size"]);
    EXPECT_EQ(Hex(record.properties), message["propertiesHex"].get<std::string>());
    EXPECT_EQ(record.body.size(), message["bodyLen"]);
    EXPECT_EQ(record.flag, message["flag"]);
    EXPECT_EQ(record.sys_flag, message["sysFlag"]);
    EXPECT_EQ(record.born_ms, message["bornTimestamp"]);
    EXPECT_EQ(record.store_ms, message["storeTimestamp"]);
    EXPECT_EQ(record.reconsume_times, message["reconsumeTimes"]);
  }
  template <class Fn>
  void ForEachQueue(Fn&& fn) const {
    for (const auto& [topic, ids] : manifest()["queues"].items()) {
      for (const auto& [id, queue] : ids.items()) {
        SCOPED_TRACE(Concat(topic, "/", id));
        fn(topic, std::stoi(id), queue);
      }
    }
  }

  store::GoldenStore golden_{GetParam()};
  std::map<std::int64_t, const json*> by_place_;
};

TEST_P(GoldenStores, EveryMessageIsPulledFromItsQueue) {
  std::size_t messages = 0;
  ForEachQueue([&](const std::string& topic, std::int32_t id, const json& queue) {
    std::vector<std::int64_t> places;
    std::int64_t next = queue["minOffset"];
    while (next < queue["maxOffset"]) {
      const auto answer = Pull(PullFrom(topic, next, id));
      ASSERT_EQ(answer->code, 0) << answer->remark;
      const auto more = PlacesOf(answer->body);
      places.insert(places.end(), more.begin(), more.end());
      next = answer->reply.next_offset;
    }
    const auto& entries = queue["entries"];
    ASSERT_GE(places.size(), entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) EXPECT_EQ(places[i], entries[i][0]);
    messages += entries.size();
  });
  EXPECT_GT(messages, 800U);
}

TEST_P(GoldenStores, EveryMessageIsFoundByItsId) {
  for (const auto& message : manifest()["messages"]) {
    const auto id = wire::ParseMessageId(message["msgId"].get<std::string>());
    ASSERT_TRUE(id.has_value());
    wire::ViewMessage::Header header;
    header.log_offset = id->log_offset;
    const auto answer = Ask<wire::ViewMessage>(header);
    ASSERT_EQ(answer->code, 0) << answer->remark;
    EXPECT_EQ(PlacesOf(answer->body),
              std::vector<std::int64_t>{message["phyOffset"].get<std::int64_t>()});
  }
}

TEST_P(GoldenStores, EveryMessageIsFoundByEachOfItsKeys) {
  std::size_t keys = 0;
  for (const auto& message : manifest()["messages"]) {
    if (!message.contains("index")) continue;
    const auto topic = message["topic"].get<std::string>();
    for (const auto& entry : message["index"]) {
      const auto key = entry["key"].get<std::string>();
      wire::QueryMessage::Header header;
      header.topic = topic;
      header.key = key;
      header.max_messages = 64;
      header.begin_ms = message["storeTimestamp"].get<std::int64_t>() - 1000;
      header.end_ms = message["storeTimestamp"].get<std::int64_t>() + 1000;
      const auto answer = Ask<wire::QueryMessage>(header);
      ASSERT_EQ(answer->code, 0) << answer->remark << " " << entry.dump();
      const auto places = PlacesOf(answer->body);
      EXPECT_EQ(std::ranges::count(places, message["phyOffset"].get<std::int64_t>()), 1)
          << entry.dump();
      ++keys;
    }
  }
  EXPECT_GT(keys, 1000U);
}

TEST_P(GoldenStores, EveryMessageIsFoundByItsTime) {
  ForEachQueue([&](const std::string& topic, std::int32_t id, const json& queue) {
    std::vector<std::int64_t> times;
    for (const auto& entry : queue["entries"]) {
      times.push_back(MessageAt(entry[0])["storeTimestamp"]);
    }
    for (const auto time : std::set<std::int64_t>(times.begin(), times.end())) {
      wire::SearchOffset::Header header;
      header.topic = topic;
      header.queue_id = id;
      header.timestamp_ms = time;
      const auto first = std::ranges::lower_bound(times, time) - times.begin();
      const auto answer = Ask<wire::SearchOffset>(header);
      ASSERT_EQ(answer->code, 0) << answer->remark;
      EXPECT_EQ(answer->reply.offset, queue["minOffset"].get<std::int64_t>() + first);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(All, GoldenStores,
                         testing::Values("4.9.7-clean", "4.9.7-crash", "5.3.3-clean",
                                         "5.3.3-crash"),
                         [](const auto& store) {
                           std::string name = store.param;
                           std::ranges::replace_if(
                               name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

}  // namespace
}  // namespace comet::broker
