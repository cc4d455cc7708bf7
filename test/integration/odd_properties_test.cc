// What a producer may put into properties, of a single message, of the elements of a batch, of what
// is delayed or sent back: whatever was accepted is found again after a restart, in order or not,
// by place, by id and by key, and the next message takes the next place.

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "broker_fixture.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/batch_body.h"
#include "remoting/wire/bodies/offset_tables.h"
#include "remoting/wire/message_id.h"
#include "remoting/wire/properties.h"
#include "remoting/wire/record.h"
#include "remoting/wire/requests/get_all_delay_offsets.h"
#include "remoting/wire/requests/get_max_offset.h"
#include "remoting/wire/requests/query_message.h"
#include "remoting/wire/requests/send_message_back.h"
#include "remoting/wire/requests/view_message.h"
#include "store/delay_table.h"

namespace comet::broker {
namespace {

namespace fs = std::filesystem;

// Names with a meaning somewhere in RocketMQ, and values that none of them expects.
constexpr std::string_view kNames[] = {"KEYS",
                                       "TAGS",
                                       "UNIQ_KEY",
                                       "WAIT",
                                       "DELAY",
                                       "REAL_TOPIC",
                                       "REAL_QID",
                                       "RETRY_TOPIC",
                                       "ORIGIN_MESSAGE_ID",
                                       "RECONSUME_TIME",
                                       "MAX_RECONSUME_TIMES",
                                       "DLQ_ORIGIN_TOPIC",
                                       "DLQ_ORIGIN_MESSAGE_ID",
                                       "TRAN_MSG",
                                       "PGROUP",
                                       "__transactionId__",
                                       "TIMER_OUT_MS",
                                       "TIMER_ENQUEUE_MS",
                                       "TIMER_ROLL_TIMES",
                                       "TIMER_DEQUEUE_MS",
                                       "INNER_BASE",
                                       "TRAN_PREPARED_QUEUE_OFFSET",
                                       "INNER_MULTI_DISPATCH",
                                       "INNER_MULTI_QUEUE_OFFSET",
                                       "__CRC32#",
                                       "POP_CK",
                                       "1ST_POP_TIME",
                                       "MSG_REGION",
                                       "TRACE_ON",
                                       "CLUSTER",
                                       "__SHARDINGKEY",
                                       "INSTANCE_ID",
                                       "MIN_OFFSET",
                                       "MAX_OFFSET",
                                       "_SYS_MSG_PRIORITY_",
                                       "MSG_TYPE",
                                       "BORN_HOST",
                                       "BORN_TIMESTAMP",
                                       "CONSUME_START_TIME",
                                       "REDIRECT",
                                       "TRANSACTION_CHECK_TIMES",
                                       "CHECK_IMMUNITY_TIME_IN_SECONDS",
                                       "ARRIVE_TIME",
                                       "CORRELATION_ID",
                                       "REPLY_TO_CLIENT",
                                       "TTL",
                                       "EXTEND_UNIQ_INFO",
                                       "dest",
                                       "a",
                                       "\xf0\x9f\x98\x80",
                                       " "};
constexpr std::string_view kValues[] = {"-1",
                                        "0",
                                        "1",
                                        "18",
                                        "19",
                                        "2147483648",
                                        "-9223372036854775808",
                                        "99999999999999999999",
                                        "1e9",
                                        "NaN",
                                        "true",
                                        "false",
                                        "null",
                                        "",
                                        " ",
                                        "  a  b ",
                                        "../../etc/passwd",
                                        "%LMQ%../x,%LMQ%y",
                                        "SCHEDULE_TOPIC_XXXX",
                                        "%RETRY%nobody",
                                        "a\nb",
                                        "\"",
                                        "{}",
                                        "\xe4\xbd\xa0",
                                        "\xc3",
                                        "\xff\xfe",
                                        "\t"};

constexpr std::string_view kDelayed =
    "DELAY\x01"
    "1\x02";

class OddProperties : public BrokerTest, public testing::WithParamInterface<std::uint32_t> {
 protected:
  // What was accepted, and where.
  struct Stored {
    std::int64_t log_offset = 0;
    std::string body, id;
  };

  OddProperties() : random_(GetParam()) {
    options_.store.flush = store::FlushDiskType::kSync;
    options_.store.delay_levels = "1s 2h";  // the first is waited for, the second never comes
    Start();
    loops_ = std::make_unique<net::LoopGroup>();
    loops_->Start();
  }
  ~OddProperties() override {
    if (binary_) binary_->Close();
    binary_.reset();
    loops_.reset();
  }

  std::uint32_t Below(std::size_t n) { return static_cast<std::uint32_t>(random_() % n); }
  std::string_view Pick(std::span<const std::string_view> from) { return from[Below(from.size())]; }

  std::string Odd() {
    std::string text;
    for (auto n = Below(8); n > 0; --n) {
      const auto value =
          Below(20) == 0 ? std::string(Below(5000), 'v') : std::string(Pick(kValues));
      text.append(Pick(kNames)).append(Below(30) == 0 ? "" : "\x01");
      text.append(value).append(Below(30) == 0 ? "" : "\x02");
    }
    for (auto n = Below(4) == 0 ? Below(6) : 0; n > 0 && !text.empty(); --n) {
      text[Below(text.size())] = static_cast<char>(Below(256));
    }
    return text;
  }

  // The binary form carries any bytes.
  net::Client& Binary() {
    if (!binary_) {
      net::ClientOptions options;
      options.form = wire::HeaderForm::kBinary;
      binary_ = net::Client::Create(*loops_, Concat("127.0.0.1:", broker_->port()), options);
    }
    return *binary_;
  }

  void SendOdd(int number) {
    auto properties = Odd();
    if (number % 6 == 1) properties = Concat(kDelayed, properties, '\2', kDelayed);
    const auto body = Concat("body ", number);
    auto header = SendTo("orders");
    header.properties = properties;
    header.born_ms = static_cast<std::int64_t>(random_()) << Below(40);
    header.flag = static_cast<std::int32_t>(random_());
    header.reconsume_times = static_cast<std::int32_t>(Below(3) == 0 ? random_() >> 1 : 0);
    auto answer = Binary().CallAndWait<wire::SendMessage>(
        header, body, {.timeout = kTimeout, .code = 310, .spelling = wire::Spelling::kShort});
    ASSERT_TRUE(answer.ok()) << answer.error().ToString();
    const auto got = answer.Take();
    if (got->code != 0) {
      EXPECT_FALSE(got->remark.empty());
      return;
    }
    const auto id = wire::ParseMessageId(got->reply.message_id);
    ASSERT_TRUE(id.has_value());
    stored_.push_back({id->log_offset, body, std::string(got->reply.transaction_id)});
  }

  void SendOddBatch(int number) {
    std::vector<std::string> bodies;
    std::string batch;
    for (auto n = 1 + Below(5); n > 0; --n) {
      auto properties = Odd();
      properties.resize(std::min(properties.size(), wire::kMaxPropertyBytes));
      bodies.push_back(Concat("body ", number, " element ", n));
      wire::AppendBatchElement({static_cast<std::int32_t>(random_()), bodies.back(), properties},
                               &batch);
    }
    auto header = SendTo("orders");
    header.batch = true;
    const auto answer = Send(header, batch, 320);
    if (answer->code != 0) {
      EXPECT_FALSE(answer->remark.empty());
      return;
    }
    constexpr std::size_t kIdAndComma = 33;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      const auto id =
          wire::ParseMessageId(answer->reply.message_id.substr(i * kIdAndComma, kIdAndComma - 1));
      ASSERT_TRUE(id.has_value());
      stored_.push_back({id->log_offset, bodies[i], {}});
      ++elements_;
    }
  }

  // To the first level, to one that the broker chooses, to the dead letters.
  void SendBackSome() {
    const auto queue = QueueOf({"orders", 0});
    int times = 0;
    for (std::size_t i = 0; i < queue.size(); i += 3) {
      wire::SendMessageBack::Header header;
      header.log_offset = queue[i].log_offset;
      header.group = "g";
      header.delay_level = 1 - static_cast<std::int32_t>(i / 3 % 3);
      header.origin_topic = "orders";
      header.origin_message_id = Pick(kValues);
      const auto answer = Ask<wire::SendMessageBack>(header);
      EXPECT_EQ(answer->code, 0) << answer->remark;
      ++times;
    }
    EXPECT_GT(times, 30);
  }

  // Until everything on the first level has been delivered.
  void AwaitDelivery() {
    const MonoTime end = SystemClock().Now() + kTimeout;
    std::int64_t delivered = -1;
    AwaitDispatch();
    const auto wanted = EndOf({std::string(store::kDelayTopic), 0});
    while (delivered < wanted && SystemClock().Now() < end) {
      const auto answer = Ask<wire::GetAllDelayOffsets>({});
      const auto table = FromJson<wire::DelayOffsetTable>(answer->body);
      ASSERT_TRUE(table.ok());
      const auto level = table->offsets.find(1);
      if (level != table->offsets.end()) delivered = level->second;
    }
    ASSERT_EQ(delivered, wanted);
    EXPECT_GT(wanted, 20);
    AwaitDispatch();
  }

  std::optional<Received> View(std::int64_t log_offset) {
    wire::ViewMessage::Header header;
    header.log_offset = log_offset;
    const auto answer = Ask<wire::ViewMessage>(header);
    EXPECT_EQ(answer->code, 0) << answer->remark;
    auto records = Records(answer->body);
    if (records.size() != 1) return std::nullopt;
    return records.front();
  }

  using Queue = std::pair<std::string, std::int32_t>;
  std::int64_t EndOf(const Queue& queue) {
    wire::GetMaxOffset::Header header;
    header.topic = queue.first;
    header.queue_id = queue.second;
    return Ask<wire::GetMaxOffset>(header)->reply.offset;
  }

  std::vector<Received> QueueOf(const Queue& queue) {
    std::vector<Received> all;
    const auto end = EndOf(queue);
    while (static_cast<std::int64_t>(all.size()) < end) {
      const auto at = static_cast<std::int64_t>(all.size());
      const auto records = Records(Pull(PullFrom(queue.first, at, queue.second))->body);
      if (records.empty()) break;
      all.insert(all.end(), records.begin(), records.end());
    }
    EXPECT_GE(static_cast<std::int64_t>(all.size()), end) << queue.first;
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(all[i].queue_offset, static_cast<std::int64_t>(i)) << queue.first;
    }
    return all;
  }

  // Continues with a copy of the files as they are now: what a killed broker leaves.
  void RestartFromACopy() {
    const auto copy = directory_ / "copy";
    fs::copy(options_.store.root, copy, fs::copy_options::recursive);
    StopBroker();
    options_.store.root = copy;
    ASSERT_TRUE(fs::exists(copy + "/abort"));
    Start();
  }

  void SendMany() {
    for (int i = 0; i < 300; ++i) SendOdd(i);
    for (int i = 300; i < 380; ++i) SendOddBatch(i);
    ASSERT_GT(stored_.size(), 100U) << "too few were accepted to prove anything";
    ASSERT_GT(elements_, 50);
    AwaitDispatch();
    SendBackSome();
    AwaitDelivery();
    for (auto& [queue, content] : queues_) {
      content = QueueOf(queue);
      EXPECT_GT(content.size(), 5U) << queue.first << ' ' << queue.second;
    }
    for (const auto& one : stored_) before_.push_back(View(one.log_offset).value_or(Received{}));
  }

  // By the keys that the broker made; those of the producer are not unique.
  void ExpectAllIndexed() {
    constexpr std::size_t kMadeHere = 32;
    for (std::size_t i = 0; i < stored_.size(); ++i) {
      if (stored_[i].id.size() != kMadeHere || before_[i].topic != "orders") continue;
      wire::QueryMessage::Header header;
      header.topic = "orders";
      header.key = stored_[i].id;
      header.end_ms = INT64_MAX;
      const auto answer = Ask<wire::QueryMessage>(header);
      EXPECT_EQ(answer->code, 0) << answer->remark;
      const auto records = Records(answer->body);
      ASSERT_EQ(records.size(), 1U);
      EXPECT_EQ(records.front().log_offset, stored_[i].log_offset);
    }
  }

  // What was delivered shortly before a kill may be delivered again, behind.
  void ExpectStartsWith(const Queue& queue, const std::vector<Received>& before) {
    SCOPED_TRACE(Concat(queue.first, ' ', queue.second));
    const auto now = QueueOf(queue);
    ASSERT_GE(now.size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
      EXPECT_EQ(now[i].body, before[i].body);
      EXPECT_EQ(now[i].properties, before[i].properties);
      EXPECT_EQ(now[i].log_offset, before[i].log_offset);
    }
  }

  void ExpectAllThere() {
    for (std::size_t i = 0; i < stored_.size(); ++i) {
      const auto now = View(stored_[i].log_offset);
      ASSERT_TRUE(now.has_value());
      EXPECT_EQ(now->body, stored_[i].body);
      EXPECT_EQ(now->properties, before_[i].properties);
      EXPECT_EQ(now->topic, before_[i].topic);
      EXPECT_EQ(now->queue_offset, before_[i].queue_offset);
    }
    for (const auto& [queue, before] : queues_) ExpectStartsWith(queue, before);
    const auto end = EndOf({"orders", 0});
    const auto next = Put("orders", "one more");
    EXPECT_GE(next, end);
    Next("orders", next);  // what was before it is indexed when it can be pulled
    ExpectAllIndexed();
  }

  std::mt19937 random_;
  std::unique_ptr<net::LoopGroup> loops_;
  std::shared_ptr<net::Client> binary_;
  std::vector<Stored> stored_;
  std::vector<Received> before_;  // as viewed by place
  int elements_ = 0;              // of batches that were accepted
  std::map<Queue, std::vector<Received>> queues_{{{"orders", 0}, {}},
                                                 {{std::string(store::kDelayTopic), 0}, {}},
                                                 {{std::string(store::kDelayTopic), 1}, {}},
                                                 {{"%RETRY%g", 0}, {}},
                                                 {{"%DLQ%g", 0}, {}}};
};

TEST_P(OddProperties, SurviveARestart) {
  SendMany();
  Restart();
  ExpectAllThere();
}

TEST_P(OddProperties, SurviveAKill) {
  SendMany();
  RestartFromACopy();
  ExpectAllThere();
}

INSTANTIATE_TEST_SUITE_P(Seeds, OddProperties, testing::Values(1, 2, 3));

}  // namespace
}  // namespace comet::broker
