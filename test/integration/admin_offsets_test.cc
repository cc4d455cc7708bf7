#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/context.h"
#include "broker_fixture.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/consumer_status.h"
#include "remoting/wire/bodies/offset_tables.h"
#include "remoting/wire/bodies/queue_entries.h"
#include "remoting/wire/bodies/stats.h"
#include "remoting/wire/requests/clean_expired_queues.h"
#include "remoting/wire/requests/clean_unused_topics.h"
#include "remoting/wire/requests/clone_offset.h"
#include "remoting/wire/requests/consume_directly.h"
#include "remoting/wire/requests/delete_expired_log.h"
#include "remoting/wire/requests/get_all_consumer_offsets.h"
#include "remoting/wire/requests/get_all_delay_offsets.h"
#include "remoting/wire/requests/get_broker_consume_stats.h"
#include "remoting/wire/requests/get_client_status.h"
#include "remoting/wire/requests/get_consumer_running_info.h"
#include "remoting/wire/requests/get_consumer_status.h"
#include "remoting/wire/requests/get_group_config.h"
#include "remoting/wire/requests/heartbeat.h"
#include "remoting/wire/requests/query_consume_queue.h"
#include "remoting/wire/requests/query_consume_time_span.h"
#include "remoting/wire/requests/query_correction_offset.h"
#include "remoting/wire/requests/reset_client_offset.h"
#include "remoting/wire/requests/reset_offset.h"
#include "remoting/wire/requests/update_consumer_offset.h"

namespace comet::broker {
namespace {

using testing::ElementsAre;

class OffsetAdmin : public BrokerTest {
 protected:
  OffsetAdmin() { Start(); }

  // Two messages in queue 0, seen by "consumers", which has committed the first.
  void Consume() {
    Put("orders", "one");
    Put("orders", "two");
    Next("orders", 1);
    Commit(1);
  }
  std::string Commit(std::int64_t offset) {
    wire::UpdateConsumerOffset::Header header;
    header.consumer_group = "consumers";
    header.topic = "orders";
    header.queue_id = 0;
    header.commit_offset = offset;
    const auto answer = Ask<wire::UpdateConsumerOffset>(header);
    EXPECT_EQ(answer->code, 0);
    return std::string(answer->remark);
  }
  std::int64_t Committed(std::string_view group = "consumers") {
    return broker_->context().offsets.Query(group, "orders", 0);
  }
  static wire::ResetOffset::Header ResetTo(std::int64_t timestamp_ms) {
    wire::ResetOffset::Header header;
    header.group = "consumers";
    header.topic = "orders";
    header.timestamp_ms = timestamp_ms;
    return header;
  }
};

TEST_F(OffsetAdmin, AResetIsToldWithTheNextPull) {
  Consume();
  const auto answer = Ask<wire::ResetOffset>(ResetTo(0));
  ASSERT_EQ(answer->code, 0) << answer->remark;
  const auto body = FromJson<wire::ResetOffsetBody>(answer->body);
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(body->offsets.size(), 4U);
  EXPECT_EQ(body->offsets.at({"orders", "broker-a", 0}), 0);
  // Until then the consumer's own commits do not count.
  Commit(2);
  EXPECT_EQ(Committed(), 0);
  const auto pull = Pull(PullFrom("orders", 2));
  EXPECT_EQ(pull->code, 21);
  EXPECT_EQ(pull->reply.next_offset, 0);
  Commit(1);
  EXPECT_EQ(Committed(), 1);
}

TEST_F(OffsetAdmin, AResetGoesToATimeAnOffsetOrTheEnd) {
  Consume();
  const auto target = [this](const wire::ResetOffset::Header& header) {
    const auto body = FromJson<wire::ResetOffsetBody>(Ask<wire::ResetOffset>(header)->body);
    return body.ok() ? body->offsets.at({"orders", "broker-a", 0}) : -1;
  };
  EXPECT_EQ(target(ResetTo(-1)), 2);
  auto one = ResetTo(-1);
  one.queue_id = 0;
  one.offset = 1;
  EXPECT_EQ(target(one), 1);
  one.offset = 3;
  const auto beyond = Ask<wire::ResetOffset>(one);
  EXPECT_EQ(beyond->code, 1);
  EXPECT_EQ(beyond->remark, "Target offset 3 not in consume queue range [0-2]");
  EXPECT_EQ(Committed(), 1);
}

TEST_F(OffsetAdmin, AResetOfWhatIsNotThereIsRefused) {
  auto header = ResetTo(0);
  EXPECT_EQ(Ask<wire::ResetOffset>(header)->code, 17);
  Put("orders", "one");
  const auto answer = Ask<wire::ResetOffset>(header);
  EXPECT_EQ(answer->code, 26);
  EXPECT_EQ(answer->remark, "Group consumers does not exist");
  Pull(PullFrom("orders", 0));
  header.queue_id = 4;
  EXPECT_EQ(Ask<wire::ResetOffset>(header)->code, 29);
}

// A member of "consumers" that is told where to go on.
class Member {
 public:
  using Request = wire::ResetClientOffset;
  static constexpr net::Lane kLane = net::Lane::kLoop;

  Member(net::LoopGroup& loops, const std::string& broker, wire::Language language)
      : loops_(loops) {
    router_.Add(*this);
    router_.Add(status_);
    net::ClientOptions options;
    options.language = language;
    options.router = &router_;
    client_ = net::Client::Create(loops, broker, options);
    const auto joined = client_->CallAndWait<wire::Heartbeat>(
        {},
        Concat(R"({"clientID":"member-)", static_cast<int>(language),
               R"(","consumerDataSet":[{"groupName":"consumers"}]})"),
        {.timeout = std::chrono::seconds(30)});
    EXPECT_TRUE(joined.ok() && (*joined)->code == 0);
  }
  // A question may be under way: the handlers have to outlive the loops.
  ~Member() { loops_.Stop(); }

  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& /*reply*/) {
    told_.set_value(Concat(header.group, " ", header.topic, " ", header.timestamp_ms, " ",
                           request.head.ext.size(), " fields ", request.body));
  }
  std::string Told() { return told_.get_future().get(); }

 private:
  struct StatusHandler {
    using Request = wire::GetClientStatus;
    static constexpr net::Lane kLane = net::Lane::kLoop;
    void Handle(const Request::Header& header, const net::RequestContext& /*request*/,
                net::Responder&& reply) {
      wire::ClientStatus status;
      status.offsets[{std::string(header.topic), "broker-a", 1}] = 7;
      std::move(reply).Plain({}, ToJson(status));
    }
  };

  net::LoopGroup& loops_;
  StatusHandler status_;
  net::Router router_;
  std::promise<std::string> told_;
  std::shared_ptr<net::Client> client_;
};

TEST_F(OffsetAdmin, AResetIsToldToTheClientsWhereTheBrokerIsSetSo) {
  options_.broker.server_side_reset = false;
  Restart();
  auto header = ResetTo(0);
  header.queue_id = 0;
  header.force = true;
  Put("orders", "one");
  Next("orders", 0);
  EXPECT_EQ(Ask<wire::ResetOffset>(header)->remark, "THe consumer group <consumers> not exist");
  Commit(1);
  const auto alone = Ask<wire::ResetOffset>(header);
  EXPECT_EQ(alone->code, 206);
  EXPECT_EQ(alone->remark,
            "Consumer not online, so can not reset offset, Group: consumers Topic: orders "
            "Timestamp: 0");

  net::LoopGroup loops;
  loops.Start();
  const auto address = Concat("127.0.0.1:", broker_->port());
  Member java(loops, address, wire::Language::kJava), cpp(loops, address, wire::Language::kCpp);
  const auto table =
      R"({"offsetTable":{{"brokerName":"broker-a","queueId":0,"topic":"orders"}:0}})";
  const auto answer = Ask<wire::ResetOffset>(header);
  EXPECT_EQ(answer->code, 0);
  EXPECT_EQ(answer->body, table);
  EXPECT_EQ(java.Told(), Concat("consumers orders 0 4 fields ", table));
  EXPECT_EQ(cpp.Told(),
            Concat("consumers orders 0 4 fields ",
                   R"({"offsetTable":[{"brokerName":"broker-a","offset":0,"queueId":0,)",
                   R"("topic":"orders"}]})"));
  EXPECT_EQ(Committed(), 1) << "the clients commit where they are";
}

TEST_F(OffsetAdmin, AResetThatIsNotForcedGoesBackOnly) {
  options_.broker.server_side_reset = false;
  Restart();
  Consume();
  net::LoopGroup loops;
  loops.Start();
  Member member(loops, Concat("127.0.0.1:", broker_->port()), wire::Language::kJava);
  auto header = ResetTo(-1);
  header.queue_id = 0;
  EXPECT_EQ(Ask<wire::ResetOffset>(header)->body,
            R"({"offsetTable":{{"brokerName":"broker-a","queueId":0,"topic":"orders"}:1}})");
}

TEST_F(OffsetAdmin, MembersAreAskedWhereTheyAre) {
  EXPECT_EQ(Ask<wire::GetConsumerStatus>({"orders", "consumers", ""})->remark,
            "No Any Consumer online in the consumer group: [consumers]");
  net::LoopGroup loops;
  loops.Start();
  const auto address = Concat("127.0.0.1:", broker_->port());
  const Member java(loops, address, wire::Language::kJava),
      cpp(loops, address, wire::Language::kCpp);
  const auto status = [this](std::string_view client_id) {
    const auto answer = Ask<wire::GetConsumerStatus>({"orders", "consumers", client_id});
    const auto body = FromJson<wire::ConsumerStatus>(answer->body);
    return body.ok() ? body->clients : decltype(body->clients)();
  };
  EXPECT_EQ(status("").size(), 2U);
  EXPECT_EQ(
      status("member-0"),
      (decltype(wire::ConsumerStatus::clients){{"member-0", {{{"orders", "broker-a", 1}, 7}}}}));
  EXPECT_TRUE(status("nobody").empty());
}

TEST_F(OffsetAdmin, AGroupIsBehindInTime) {
  Consume();
  const auto answer = Ask<wire::QueryConsumeTimeSpan>({"orders", "consumers"});
  const auto spans = FromJson<wire::ConsumeTimeSpans>(answer->body);
  ASSERT_TRUE(spans.ok());
  ASSERT_EQ(spans->queues.size(), 4U);
  const auto& first = spans->queues[0];
  EXPECT_GT(first.min_ms, 1'700'000'000'000);
  EXPECT_EQ(first.consumed_ms, first.min_ms);
  EXPECT_GE(first.max_ms, first.min_ms);
  EXPECT_GE(first.delay_ms, 0);
  EXPECT_THAT(first.min, testing::MatchesRegex("2...-..-..#..:..:..:..."));
  EXPECT_EQ(spans->queues[1].max_ms, -1);
  EXPECT_EQ(Ask<wire::QueryConsumeTimeSpan>({"nope", "consumers"})->code, 17);
}

TEST_F(OffsetAdmin, TheLeastOffsetOfAllGroupsIsFound) {
  Consume();
  Ask<wire::GetGroupConfig>({"others"});
  Ask<wire::CloneOffset>({"consumers", "others", "orders", true});
  Commit(2);
  const auto least = [this](std::string_view left_out, std::string_view compared) {
    const auto body = FromJson<wire::CorrectionOffsets>(
        Ask<wire::QueryCorrectionOffset>({left_out, compared, "orders"})->body);
    return body.ok() ? body->offsets : decltype(body->offsets)();
  };
  using Offsets = std::map<std::int32_t, std::int64_t>;
  EXPECT_EQ(least("", "consumers"), (Offsets{{0, 1}}));
  EXPECT_EQ(least("x,others", "consumers"), (Offsets{{0, 2}}));
  EXPECT_EQ(least("others", "others"), (Offsets{{0, INT64_MAX}}));
  EXPECT_EQ(Committed("others"), 1) << "whoever is left out keeps what it has";
  EXPECT_EQ(Ask<wire::CleanExpiredQueues>({})->code, 0);
}

TEST_F(OffsetAdmin, OffsetsAreCopiedToAGroupThatIsThere) {
  Consume();
  EXPECT_EQ(Ask<wire::CloneOffset>({"consumers", "others", "orders", true})->code, 26);
  Ask<wire::GetGroupConfig>({"others"});
  EXPECT_EQ(Ask<wire::CloneOffset>({"consumers", "others", "orders", true})->code, 0);
  EXPECT_EQ(Committed("others"), 1);
}

TEST_F(OffsetAdmin, AllOffsetsComeInOneTable) {
  EXPECT_EQ(Ask<wire::GetAllConsumerOffsets>({})->remark, "No consumer offset in this broker");
  EXPECT_EQ(Ask<wire::GetAllDelayOffsets>({})->code, 1);
  Consume();
  const auto table =
      FromJson<wire::ConsumerOffsetTable>(Ask<wire::GetAllConsumerOffsets>({})->body);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->offsets.at("orders@consumers").at(0), 1);
  EXPECT_THAT(table->group_topics->at("consumers"), ElementsAre("orders"));

  Put("orders", "later", std::string("DELAY\x01") + "18\x02");
  Next("SCHEDULE_TOPIC_XXXX", 0, 17);
  const auto delays = FromJson<wire::DelayOffsetTable>(Ask<wire::GetAllDelayOffsets>({})->body);
  ASSERT_TRUE(delays.ok());
  EXPECT_EQ(delays->offsets, (std::map<std::int32_t, std::int64_t>{{18, 0}}));
}

TEST_F(OffsetAdmin, LagIsSummedOverAllGroups) {
  Consume();
  const auto stats =
      FromJson<wire::BrokerConsumeStats>(Ask<wire::GetBrokerConsumeStats>({false})->body);
  ASSERT_TRUE(stats.ok());
  EXPECT_EQ(stats->total_diff, 1);
  EXPECT_EQ(stats->total_inflight_diff, 1);
  EXPECT_EQ(stats->broker_addr, Concat("127.0.0.1:", broker_->port()));
  const auto ordered =
      FromJson<wire::BrokerConsumeStats>(Ask<wire::GetBrokerConsumeStats>({true})->body);
  ASSERT_TRUE(ordered.ok());
  EXPECT_EQ(ordered->total_diff, 0);
}

TEST_F(OffsetAdmin, EntriesOfAQueueAreShown) {
  Consume();
  const auto answer = Ask<wire::QueryConsumeQueue>({"orders", 0, 0, 10, ""});
  const auto entries = FromJson<wire::QueueEntries>(answer->body);
  ASSERT_TRUE(entries.ok());
  EXPECT_EQ(entries->max_index, 2);
  ASSERT_EQ(entries->entries.size(), 2U);
  EXPECT_EQ(entries->entries[1].log_offset, entries->entries[0].size);
  const auto beyond = Ask<wire::QueryConsumeQueue>({"orders", 0, 2, 10, ""});
  EXPECT_EQ(beyond->code, 0);
  EXPECT_EQ(beyond->remark, "Index 2 of 0@orders is not exist!");
  EXPECT_TRUE(beyond->body.empty());
  const auto none = Ask<wire::QueryConsumeQueue>({"nope", 0, 0, 10, ""});
  EXPECT_EQ(none->code, 1);
  EXPECT_EQ(none->remark, "0@nope is not exist!");
}

TEST_F(OffsetAdmin, QueuesOfTopicsThatAreGoneAreCleaned) {
  Consume();
  ASSERT_TRUE(broker_->context().topics.Remove("orders").ok());  // as if by a crash in between
  EXPECT_TRUE(std::filesystem::exists(directory_ / "store/consumequeue/orders"));
  EXPECT_EQ(Ask<wire::CleanUnusedTopics>({})->code, 0);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "store/consumequeue/orders"));
  EXPECT_EQ(Ask<wire::DeleteExpiredLog>({})->code, 0);
}

TEST_F(OffsetAdmin, ClientsThatAreNotThereAreNotAsked) {
  const auto info = Ask<wire::GetConsumerRunningInfo>({"consumers", "c", false});
  EXPECT_EQ(info->code, 1);
  EXPECT_EQ(info->remark, "The Consumer <consumers> <c> not online");
  wire::ConsumeDirectly::Header header;
  header.consumer_group = "consumers";
  header.client_id = "c";
  header.message_id = "nonsense";
  EXPECT_EQ(Ask<wire::ConsumeDirectly>(header)->code, 1);
}

}  // namespace
}  // namespace comet::broker
