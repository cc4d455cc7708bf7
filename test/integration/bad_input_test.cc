// What a broken or ill-meaning peer may put into a request: it is refused with RocketMQ's codes
// and a remark that says what was wrong, it makes nothing, and it leaves the store as it was.

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker_fixture.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/all_requests.h"
#include "remoting/wire/batch_body.h"
#include "remoting/wire/bodies/heartbeat_data.h"
#include "remoting/wire/bodies/lock_batch.h"
#include "remoting/wire/requests/get_consumer_list.h"
#include "remoting/wire/requests/get_earliest_store_time.h"
#include "remoting/wire/requests/get_max_offset.h"
#include "remoting/wire/requests/get_min_offset.h"
#include "remoting/wire/requests/heartbeat.h"
#include "remoting/wire/requests/lock_queues.h"
#include "remoting/wire/requests/query_consumer_offset.h"
#include "remoting/wire/requests/query_message.h"
#include "remoting/wire/requests/search_offset.h"
#include "remoting/wire/requests/send_message_back.h"
#include "remoting/wire/requests/unregister_client.h"
#include "remoting/wire/requests/update_consumer_offset.h"

namespace comet::broker {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

namespace fs = std::filesystem;

constexpr std::int32_t kInvalidParameter = 29, kMessageIllegal = 13, kSystemError = 1;

// Names that are no names, the worst of them those that would lead elsewhere on the disk.
const std::vector<std::string> kBadNames = {"",
                                            " ",
                                            "\t\n",
                                            "a b",
                                            "a/b",
                                            "..",
                                            ".",
                                            "../../x",
                                            "/etc/x",
                                            "a\\b",
                                            "a.b",
                                            "a:b",
                                            "na\xc3\xafve",
                                            "%RETRY%../x",
                                            "a\x01"
                                            "b",
                                            "a\x02"
                                            "b",
                                            "a\nb",
                                            "a\"b",
                                            "{\"a\":1}",
                                            "$(x)",
                                            std::string("a\0b", 3),
                                            std::string(300, 'x'),
                                            std::string(10'000, 'y')};

class BadInput : public BrokerTest {
 protected:
  BadInput() { Start(); }

  // All there is under the test's directory, which is one above the store's.
  std::set<std::string> Files() const {
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
      found.insert(fs::relative(entry.path(), directory_.path()).string());
    }
    return found;
  }
  // Everything lies in the store, and queues only under topics that exist.
  void ExpectNothingElsewhere() {
    for (const auto& file : Files()) EXPECT_THAT(file, StartsWith("store"));
    const auto queues = fs::path(directory_.path()) / "store" / "consumequeue";
    if (!fs::exists(queues)) return;
    for (const auto& entry : fs::directory_iterator(queues)) {
      EXPECT_THAT(good_topics_, testing::Contains(entry.path().filename().string()));
    }
  }
  template <class Answer>
  void ExpectRefused(const Answer& answer, std::int32_t code = kInvalidParameter) {
    EXPECT_EQ(answer->code, code);
    EXPECT_FALSE(answer->remark.empty());
    EXPECT_LT(answer->remark.size(), 300U) << "what was sent does not come back as a remark";
  }
  std::int64_t EndOf(std::string_view topic) {
    wire::GetMaxOffset::Header header;
    header.topic = topic;
    return Ask<wire::GetMaxOffset>(header)->reply.offset;
  }

  std::set<std::string> good_topics_ = {"orders", "SCHEDULE_TOPIC_XXXX"};
};

TEST_F(BadInput, TopicsThatAreNoNamesAreRefusedAndMakeNothing) {
  Put("orders", "x");
  for (const auto& name : kBadNames) {
    SCOPED_TRACE(testing::PrintToString(name));
    const auto sent = Send(SendTo(name), "x");
    ExpectRefused(sent);
    EXPECT_THAT(std::string(sent->remark), StartsWith("The specified topic "));
    ExpectRefused(Pull(PullFrom(name, 0)));
    wire::GetMaxOffset::Header max;
    max.topic = name;
    ExpectRefused(Ask<wire::GetMaxOffset>(max));
    wire::GetMinOffset::Header min;
    min.topic = name;
    ExpectRefused(Ask<wire::GetMinOffset>(min));
    wire::SearchOffset::Header search;
    search.topic = name;
    ExpectRefused(Ask<wire::SearchOffset>(search));
    wire::GetEarliestStoreTime::Header earliest;
    earliest.topic = name;
    ExpectRefused(Ask<wire::GetEarliestStoreTime>(earliest));
  }
  Restart();
  ExpectNothingElsewhere();
  EXPECT_EQ(Next("orders", 0).body, "x");
}

TEST_F(BadInput, TemplatesThatAreNoTopicsMakeNoTopic) {
  for (const auto& name : kBadNames) {
    auto header = SendTo("new");
    header.default_topic = name;
    EXPECT_EQ(Send(header, "x")->code, 17) << testing::PrintToString(name);
  }
}

TEST_F(BadInput, GroupsThatAreNoNamesAreRefusedAndMakeNothing) {
  Put("orders", "x");
  for (const auto& name : kBadNames) {
    SCOPED_TRACE(testing::PrintToString(name));
    auto send = SendTo("orders");
    send.producer_group = name;
    const auto sent = Send(send, "x");
    ExpectRefused(sent);
    EXPECT_THAT(std::string(sent->remark), StartsWith("The specified group "));
    auto pull = PullFrom("orders", 0);
    pull.consumer_group = name;
    const auto pulled = Pull(pull);
    ExpectRefused(pulled);
    EXPECT_THAT(std::string(pulled->remark), StartsWith("The specified group "));
    wire::QueryConsumerOffset::Header query;
    query.consumer_group = name;
    query.topic = "orders";
    ExpectRefused(Ask<wire::QueryConsumerOffset>(query));
    wire::UpdateConsumerOffset::Header update;
    update.consumer_group = name;
    update.topic = "orders";
    update.queue_id = 0;
    ExpectRefused(Ask<wire::UpdateConsumerOffset>(update));
    wire::GetConsumerList::Header list;
    list.consumer_group = name;
    ExpectRefused(Ask<wire::GetConsumerList>(list));
    wire::SendMessageBack::Header back;
    back.group = name;
    ExpectRefused(Ask<wire::SendMessageBack>(back));
  }
  EXPECT_EQ(EndOf("orders"), 1);
  Restart();
  ExpectNothingElsewhere();
}

TEST_F(BadInput, ClientsThatAreNoNamesAreRefused) {
  for (const auto& name : kBadNames) {
    // An id is free text, but has to be one: not empty, short, without control characters.
    const bool text = !name.empty() && name.size() <= 255 &&
                      std::ranges::none_of(name, [](char c) { return c >= 0 && c < ' '; });
    if (text) continue;
    SCOPED_TRACE(testing::PrintToString(name));
    wire::UnregisterClient::Header leave;
    leave.client_id = name;
    leave.consumer_group = "consumers";
    ExpectRefused(Ask<wire::UnregisterClient>(leave));
    wire::HeartbeatData beat;
    beat.client_id = name;
    ExpectRefused(Ask<wire::Heartbeat>({}, ToJson(beat)), kSystemError);
    wire::LockBatchBody lock;
    lock.group = "consumers";
    lock.client_id = name;
    ExpectRefused(Ask<wire::LockQueues>({}, ToJson(lock)), kSystemError);
  }
}

TEST_F(BadInput, HeartbeatsWithOneBadNameRegisterNobody) {
  for (const auto& name : kBadNames) {
    SCOPED_TRACE(testing::PrintToString(name));
    wire::HeartbeatData beat;
    beat.client_id = "client";
    beat.consumers.resize(2);
    beat.consumers[0].group = "consumers";
    beat.consumers[1].group = name;
    ExpectRefused(Ask<wire::Heartbeat>({}, ToJson(beat)), kSystemError);
    beat.consumers[1].group = "others";
    beat.consumers[1].subscriptions.resize(1);
    beat.consumers[1].subscriptions[0].topic = name;
    ExpectRefused(Ask<wire::Heartbeat>({}, ToJson(beat)), kSystemError);
    wire::LockBatchBody lock;
    lock.client_id = "client";
    lock.group = "consumers";
    lock.queues.push_back({.topic = name, .broker_name = "broker-a", .queue_id = 0});
    ExpectRefused(Ask<wire::LockQueues>({}, ToJson(lock)), kSystemError);
  }
  wire::GetConsumerList::Header list;
  list.consumer_group = "consumers";
  EXPECT_EQ(Ask<wire::GetConsumerList>(list)->remark, "no consumer for this group, consumers");
}

// Keys of fields that name a topic or a group of this broker.
bool NamesOne(std::string_view key) {
  constexpr std::array<std::string_view, 9> kKeys = {
      "topic",     "group",     "consumerGroup", "producerGroup", "srcGroup",
      "destGroup", "groupName", "originTopic",   "compareGroup"};
  return std::ranges::find(kKeys, key) != kKeys.end();
}

TEST_F(BadInput, AnyTextOfAnyRequestStaysInTheStoreAndBadNamesAreRefused) {
  Put("orders", "x");
  ASSERT_EQ(Next("orders", 0).body, "x");
  const std::string texts[] = {"../../x", "/etc/x", "a/../b",
                               "a\x01"
                               "b",
                               std::string(10'000, 'y')};
  int asked = 0;
  const auto each = [&]<wire::Request R>() {
    using Header = typename R::Header;
    ForEachField<Header>([&](const auto& field) {
      for (const auto& text : texts) {
        Header header{};
        // Whatever else has to be there, is.
        ForEachField<Header>([&](const auto& other) {
          using Value = std::remove_cvref_t<decltype(header.*other.member)>;
          if constexpr (std::is_same_v<Value, std::string_view>) {
            if (NamesOne(other.key)) {
              header.*other.member = other.key.ends_with("opic") ? "orders" : "consumers";
            }
          }
        });
        using Value = std::remove_cvref_t<decltype(header.*field.member)>;
        if constexpr (std::is_same_v<Value, std::string_view> ||
                      std::is_same_v<Value, std::optional<std::string_view>>) {
          SCOPED_TRACE(Concat(R::kName, " ", field.key, " ", text.substr(0, 40)));
          header.*field.member = text;
          const auto answer = Ask<R>(header);
          EXPECT_LT(answer->remark.size(), 600U);
          if (NamesOne(field.key)) {
            EXPECT_NE(answer->code, 0);
          }
          ++asked;
        }
      }
    });
  };
  wire::ForEachRequest(wire::BrokerRequests{}, each);
  EXPECT_GT(asked, 200);
  Restart();
  ExpectNothingElsewhere();
  EXPECT_EQ(EndOf("orders"), 1);
}

TEST_F(BadInput, QueuesThatTheTopicDoesNotHaveAreRefused) {
  Put("orders", "x");
  for (const auto queue : {4, 99, 65'536, INT32_MAX}) {
    SCOPED_TRACE(queue);
    const auto sent = Send(SendTo("orders", queue), "x");
    ExpectRefused(sent);
    EXPECT_THAT(std::string(sent->remark), StartsWith(Concat("request queueId[", queue, "]")));
  }
  for (const auto queue : {-1, INT32_MIN, 4, INT32_MAX}) {
    SCOPED_TRACE(queue);
    ExpectRefused(Pull(PullFrom("orders", 0, queue)));
    wire::UpdateConsumerOffset::Header update;
    update.consumer_group = "consumers";
    update.topic = "orders";
    update.queue_id = queue;
    EXPECT_NE(Ask<wire::UpdateConsumerOffset>(update)->code, 0);
    wire::GetMaxOffset::Header max;
    max.topic = "orders";
    max.queue_id = queue;
    EXPECT_EQ(Ask<wire::GetMaxOffset>(max)->reply.offset, 0);
  }
  good_topics_ = {"orders"};
  ExpectNothingElsewhere();
}

TEST_F(BadInput, OffsetsThatNobodyCanHaveReachedAreNotKept) {
  Put("orders", "x");
  ASSERT_EQ(Next("orders", 0).body, "x");  // the group exists from here on
  wire::UpdateConsumerOffset::Header update;
  update.consumer_group = "consumers";
  update.topic = "orders";
  update.queue_id = 0;
  update.commit_offset = -1;
  ExpectRefused(Ask<wire::UpdateConsumerOffset>(update));
  for (const std::int64_t offset : {INT64_MIN, std::int64_t{-1}, INT64_MAX}) {
    EXPECT_EQ(Pull(PullFrom("orders", offset))->code, 21) << offset;
  }
}

TEST_F(BadInput, ABatchIsStoredWholeOrNotAtAll) {
  Put("orders", "x");
  std::string good;
  wire::AppendBatchElement({0, "one",
                            "a\x01"
                            "b\x02"},
                           &good);
  wire::AppendBatchElement({0, "two", {}}, &good);
  auto header = SendTo("orders");
  header.batch = true;
  for (std::size_t bytes = 0; bytes < good.size(); ++bytes) {
    if (bytes == 4 + 4 + 4 + 4 + 4 + 3 + 2 + 4) continue;  // the first alone is a batch too
    const auto sent = Send(header, good.substr(0, bytes), 320);
    EXPECT_EQ(sent->code, kMessageIllegal) << "cut after " << bytes;
    EXPECT_THAT(std::string(sent->remark), HasSubstr("the message is illegal"));
  }
  for (std::size_t at = 0; at < 4; ++at) {  // sizes that lie
    for (const char value : {'\x7f', '\x80', '\xff'}) {
      auto bad = good;
      bad[at] = value;
      EXPECT_EQ(Send(header, bad, 320)->code, kMessageIllegal);
      bad = good;
      bad[16 + at] = value;  // of the body
      EXPECT_EQ(Send(header, bad, 320)->code, kMessageIllegal);
    }
  }
  EXPECT_EQ(EndOf("orders"), 1);
}

TEST_F(BadInput, NumbersOutOfRangeAreAnswered) {
  Put("orders", "x");
  auto send = SendTo("orders");
  send.reconsume_times = -1;
  ExpectRefused(Send(send, "x"), kMessageIllegal);
  send = SendTo("more");
  send.default_topic_queues = INT32_MIN;
  EXPECT_NE(Send(send, "x")->code, 0);
  send = SendTo("orders");
  send.properties = "DELAY\x01ten\x02";
  ExpectRefused(Send(send, "x"), kMessageIllegal);
  auto pull = PullFrom("orders", 0);
  pull.max_messages = INT32_MIN;
  EXPECT_EQ(Pull(pull)->code, 0);
  pull.max_messages = INT32_MAX;
  pull.suspend_timeout_ms = INT64_MAX;
  EXPECT_EQ(Pull(pull)->code, 0);
  wire::QueryMessage::Header query;
  query.topic = "orders";
  query.key = "k";
  query.max_messages = INT32_MAX;
  query.begin_ms = INT64_MIN;
  query.end_ms = INT64_MAX;
  EXPECT_EQ(Ask<wire::QueryMessage>(query)->code, 22);
}

}  // namespace
}  // namespace comet::broker
