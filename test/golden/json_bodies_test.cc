// Every JSON body of the codes that have a described body, read and written again.
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "remoting/base/describe_json.h"
#include "remoting/wire/bodies/cluster_info.h"
#include "remoting/wire/bodies/connections.h"
#include "remoting/wire/bodies/consumer_status.h"
#include "remoting/wire/bodies/ha_status.h"
#include "remoting/wire/bodies/heartbeat_data.h"
#include "remoting/wire/bodies/lock_batch.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/bodies/offset_tables.h"
#include "remoting/wire/bodies/queue_entries.h"
#include "remoting/wire/bodies/register_broker.h"
#include "remoting/wire/bodies/stats.h"
#include "remoting/wire/bodies/subscription_group.h"
#include "remoting/wire/bodies/topic_config.h"
#include "remoting/wire/bodies/topic_route.h"
#include "test/golden/golden_frames.h"

namespace comet::golden {
namespace {

using Codec = std::function<StatusOr<std::string>(const GoldenFrame&, JsonStyle)>;

template <Described T>
StatusOr<std::string> Again(const GoldenFrame& frame, JsonStyle style) {
  COMET_ASSIGN(const T body, FromJson<T>(frame.body));
  return ToJson(body, style);
}

const std::map<std::int32_t, Codec>& RequestBodies() {
  static const std::map<std::int32_t, Codec> kCodecs = {
      {34, Again<wire::HeartbeatData>},       {41, Again<wire::LockBatchBody>},
      {42, Again<wire::LockBatchBody>},       {46, Again<wire::CheckClientConfigBody>},
      {103, Again<wire::RegisterBrokerBody>}, {200, Again<wire::SubscriptionGroupConfig>},
      {220, Again<wire::ResetOffsetBody>},    {322, Again<wire::DataVersion>},
  };
  return kCodecs;
}

const std::map<std::int32_t, Codec>& ReplyBodies() {
  static const std::map<std::int32_t, Codec> kCodecs = {
      {21, Again<wire::TopicConfigTable>},
      {28, Again<wire::KvTable>},
      {38, Again<wire::ConsumerList>},
      {41, Again<wire::LockBatchReply>},
      {43, Again<wire::ConsumerOffsetTable>},
      {45, Again<wire::DelayOffsetTable>},
      {103, Again<wire::KvTable>},
      {105, Again<wire::TopicRouteData>},
      {106, Again<wire::ClusterInfo>},
      {201, Again<wire::SubscriptionGroupTable>},
      {202, Again<wire::TopicStatsTable>},
      {203, Again<wire::ConsumerConnection>},
      {204, Again<wire::ProducerConnection>},
      {206, Again<wire::TopicList>},
      {208, Again<wire::ConsumeStats>},
      {219, Again<wire::KvTable>},
      {222, Again<wire::ResetOffsetBody>},
      {224, Again<wire::TopicList>},
      {300, Again<wire::GroupList>},
      {303, Again<wire::ConsumeTimeSpans>},
      {304, Again<wire::TopicList>},
      {305, Again<wire::TopicList>},
      {308, Again<wire::CorrectionOffsets>},
      {311, Again<wire::TopicList>},
      {312, Again<wire::TopicList>},
      {313, Again<wire::TopicList>},
      {315, Again<wire::BrokerStatsData>},
      {317, Again<wire::BrokerConsumeStats>},
      {321, Again<wire::QueueEntries>},
      {322, Again<wire::DataVersion>},
      {328, Again<wire::ProducerTable>},
      {343, Again<wire::TopicList>},
      {345, Again<wire::ConsumerSubscription>},
      {351, Again<wire::TopicConfig>},
      {352, Again<wire::SubscriptionGroupConfig>},
      {901, Again<wire::BrokerMemberGroup>},
      {907, Again<wire::HaStatus>},
  };
  return kCodecs;
}

// Arrays of the protocol that are sets in Java and come in hash order.
bool SameItems(const Json::Array& recorded, const Json::Array& written);

// The Go client sends the numbers of codeSet as text.
bool SameText(const Json& recorded, const Json& written) {
  const auto* text = recorded.AsString();
  const auto* number = written.AsInteger();
  return text != nullptr && number != nullptr && *text == std::to_string(*number);
}

// Everything recorded is in what was written, with the same value. Written may be more: members
// that 4.9.7 and other clients do not know.
bool Holds(const Json& recorded, const Json& written) {
  const auto* object = recorded.AsObject();
  const auto* array = recorded.AsArray();
  if (array != nullptr) {
    return written.AsArray() != nullptr && SameItems(*array, *written.AsArray());
  }
  if (object == nullptr) return recorded == written || SameText(recorded, written);
  if (written.AsObject() == nullptr) return false;
  for (const auto& member : *object) {
    if (member.value.IsNull()) continue;
    const Json* found = nullptr;
    for (const auto& candidate : *written.AsObject()) {
      if (candidate.key == member.key) found = &candidate.value;
    }
    if (found == nullptr || !Holds(member.value, *found)) return false;
  }
  return true;
}

bool SameItems(const Json::Array& recorded, const Json::Array& written) {
  if (recorded.size() != written.size()) return false;
  for (const auto& item : recorded) {
    bool found = false;
    for (const auto& candidate : written) found = found || Holds(item, candidate);
    if (!found) return false;
  }
  return true;
}

// Routes for clients of 4.9.4 and later are strict JSON.
JsonStyle StyleOf(const GoldenFrame& frame) {
  const bool strict = frame.body.find(R"("brokerAddrs":{"0")") != std::string::npos;
  return strict ? JsonStyle::kStrict : JsonStyle::kFastjson;
}

// Calls fn(frame, code of the request, the frame's codec) for every JSON body; the codec is null
// where we describe none.
template <class Fn>
void ForEachAnyJsonBody(Fn&& fn) {
  for (const auto& file : GoldenFiles()) {
    std::map<std::tuple<std::string, int, int, bool>, std::int32_t> codes;
    for (const auto& frame : ReadGoldenFrames(file)) {
      if (frame.broken) continue;
      const bool reply = frame.is_reply();
      const std::tuple key(frame.scenario, frame.connection, frame.opaque,
                           reply != frame.to_server);
      if (!reply) codes[key] = frame.code;
      const auto code = codes.find(key);
      if (code == codes.end() || !frame.body.starts_with('{')) continue;
      const auto& codecs = reply ? ReplyBodies() : RequestBodies();
      const auto codec = codecs.find(code->second);
      fn(frame, code->second, codec == codecs.end() ? nullptr : &codec->second);
    }
  }
}

template <class Fn>
void ForEachJsonBody(Fn&& fn) {
  ForEachAnyJsonBody([&](const GoldenFrame& frame, std::int32_t code, const Codec* codec) {
    if (codec != nullptr) fn(frame, code, *codec);
  });
}

// The README says why.
TEST(GoldenJsonBodies, OfTheCodesThatAreServedNoneIsLeftOut) {
  std::set<std::int32_t> unread;
  ForEachAnyJsonBody([&](const GoldenFrame&, std::int32_t code, const Codec* codec) {
    if (codec == nullptr) unread.insert(code);
  });
  EXPECT_EQ(unread, (std::set<std::int32_t>{61, 307, 309, 400, 401, 402, 2003}));
}

TEST(GoldenJsonBodies, EveryBodyIsReadAndWrittenWithTheSameContent) {
  int bodies = 0;
  std::set<std::pair<bool, std::int32_t>> seen;
  ForEachJsonBody([&](const GoldenFrame& frame, std::int32_t code, const Codec& again) {
    SCOPED_TRACE(frame.Name());
    const auto written = again(frame, StyleOf(frame));
    ASSERT_TRUE(written.ok()) << written.error().message() << frame.body;
    ASSERT_TRUE(Holds(*ParseJson(frame.body), *ParseJson(*written))) << frame.body << '\n'
                                                                     << *written;
    seen.emplace(frame.is_reply(), code);
    ++bodies;
  });
  EXPECT_GT(bodies, 1700);
  EXPECT_EQ(seen.size(), RequestBodies().size() + ReplyBodies().size());
}

// Java 5.x writes every member, alphabetically. Where no table or set of several entries is in a
// body, nothing of it is left to the order of a hash map.
TEST(GoldenJsonBodies, BodiesOfJava5WithoutHashOrderAreWrittenToTheByte) {
  const std::set<std::int32_t> fixed = {45, 46, 105, 106, 200, 204, 315, 345, 351, 352, 901};
  std::map<std::int32_t, int> bodies;
  ForEachJsonBody([&](const GoldenFrame& frame, std::int32_t code, const Codec& again) {
    const bool java5 = frame.file.find("5.3.3") != std::string::npos &&
                       (frame.is_reply() || !frame.file.starts_with("raw-"));
    if (!java5 || !fixed.contains(code)) return;
    SCOPED_TRACE(frame.Name());
    const auto written = again(frame, StyleOf(frame));
    ASSERT_TRUE(written.ok()) << written.error().message();
    EXPECT_EQ(*written, frame.body);
    ++bodies[code];
  });
  for (const auto code : fixed) EXPECT_GT(bodies[code], 0) << code;
}

TEST(GoldenJsonBodies, CompressedRegistrationsHoldWhatTheOthersHold) {
  int whole = 0;  // the others tell of one topic that has changed
  ForEachGoldenFrame([&](const GoldenFrame& frame) {
    if (frame.broken || frame.code != 103 || frame.is_reply()) return;
    if (frame.body.empty() || frame.body.starts_with('{')) return;
    SCOPED_TRACE(frame.Name());
    const bool marked = frame.ext->at("compressed") == "true";
    const auto crc = static_cast<std::int32_t>(std::stol(frame.ext->at("bodyCrc32")));
    const auto body = wire::DecodeRegisterBroker(frame.body, marked, crc);
    ASSERT_TRUE(body.ok()) << body.error().message();
    EXPECT_FALSE(body->topics.topics.empty());
    EXPECT_GT(body->topics.data_version.timestamp_ms, 1'700'000'000'000);
    const auto known = body->topics.topics.find("SELF_TEST_TOPIC");
    if (known == body->topics.topics.end()) return;
    EXPECT_EQ(known->second.read_queues, 1);
    ++whole;
  });
  EXPECT_GT(whole, 10);
}

TEST(GoldenJsonBodies, PlainRegistrationsPassTheCrc) {
  int checked = 0;
  ForEachGoldenFrame([&](const GoldenFrame& frame) {
    if (frame.broken || frame.code != 103 || frame.is_reply() || frame.file.starts_with("raw-") ||
        !frame.body.starts_with('{')) {
      return;
    }
    const auto crc = static_cast<std::int32_t>(std::stol(frame.ext->at("bodyCrc32")));
    EXPECT_TRUE(wire::DecodeRegisterBroker(frame.body, false, crc).ok()) << frame.Name();
    checked += crc != 0 ? 1 : 0;
  });
  EXPECT_GT(checked, 50);
}

}  // namespace
}  // namespace comet::golden
