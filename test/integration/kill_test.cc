// kill -9 of the real process under load, again and again; after every start everything that a
// producer or a consumer was told must still be so.

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker_process.h"
#include "kill_promises.h"
#include "remoting/base/clock.h"
#include "remoting/base/text.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/message_id.h"
#include "remoting/wire/record_reader.h"
#include "remoting/wire/requests/pull_message.h"
#include "remoting/wire/requests/query_consumer_offset.h"
#include "remoting/wire/requests/query_message.h"
#include "remoting/wire/requests/send_message.h"
#include "remoting/wire/requests/update_consumer_offset.h"
#include "test/base/temp_directory.h"

namespace comet::broker {
namespace {

constexpr int kInFlight = 48;
constexpr auto kTimeout = std::chrono::seconds(30), kSecond = std::chrono::seconds(1);
constexpr std::string_view kTopic = "orders", kLaterTopic = "later", kGroup = "consumers";

// Reads the records of a reply; returns the offset behind the last.
template <class Told>
std::int64_t See(Told& told, std::string_view body, std::int64_t from) {
  while (!body.empty()) {
    const auto read = wire::ReadRecord(body, {.body_crc = true, .log_offset = std::nullopt});
    EXPECT_EQ(read.state, wire::RecordState::kRecord) << read.reason;
    if (read.state != wire::RecordState::kRecord) break;
    EXPECT_EQ(read.record.queue_offset, from) << "a hole in queue " << read.record.queue_id;
    from = read.record.queue_offset + 1;
    told.Saw(read.record);
    body.remove_prefix(read.record.bytes);
  }
  return from;
}

wire::PullMessage::Header PullAt(std::int32_t queue_id, std::int64_t offset,
                                 std::string_view topic = kTopic) {
  wire::PullMessage::Header header;
  header.consumer_group = kGroup;
  header.topic = topic;
  header.queue_id = queue_id;
  header.queue_offset = offset;
  header.max_messages = 32;
  header.sys_flag = wire::pull_flag::kSubscription;
  header.subscription = "*";
  return header;
}

// Where the records with that key lie. The index knows hashes: others may be among them.
std::vector<std::int64_t> OffsetsOf(std::string_view key, std::string_view body) {
  std::vector<std::int64_t> offsets;
  while (!body.empty()) {
    const auto read = wire::ReadRecord(body, {.body_crc = true, .log_offset = std::nullopt});
    EXPECT_EQ(read.state, wire::RecordState::kRecord) << read.reason;
    if (read.state != wire::RecordState::kRecord) break;
    const auto keys = wire::FindProperty(read.record.properties, wire::property::kKeys);
    if (keys == key && read.record.topic == kTopic) offsets.push_back(read.record.log_offset);
    body.remove_prefix(read.record.bytes);
  }
  return offsets;
}

struct World {
  Promises promises;
  Deliveries later;
  Commits commits;
};

// Producers and a consumer that go on until the connection breaks.
class Load {
 public:
  // `loop` is the client's.
  Load(net::Client& client, Executor& loop, World& world, std::int64_t acks_wanted,
       Duration at_least = {})
      : client_(client),
        loop_(loop),
        world_(world),
        acks_wanted_(acks_wanted),
        until_(SystemClock().Now() + at_least) {}

  // Returns when so many sends were acknowledged and the time has passed; more are on their way,
  // but few while only the time has to pass.
  void Run(std::map<std::int32_t, std::int64_t> ends) {
    for (int i = 0; i < kInFlight; ++i) SendOne();
    for (const auto& [queue, end] : ends) PullOn(queue, end);
    enough_.get_future().wait();
  }

 private:
  using SendAnswer = net::Answer<wire::SendMessage>;

  void SendOne() {
    if (sends_++ % 16 == 15) return SendLater();
    const auto message = world_.promises.NewMessage();
    Send(kTopic, message.queue_id, Concat("KEYS\1", message.key, '\2'), message.body,
         [this, message](const SendAnswer& answer) {
           const auto id = wire::ParseMessageId(answer.reply.message_id);
           world_.promises.Acked(
               message, {answer.reply.queue_offset, id ? id->log_offset : std::int64_t{-1}});
         });
  }
  void SendLater() {
    const auto message = world_.later.NewMessage();
    Send(kLaterTopic, 0, Concat("KEYS\1", message.key, "\2DELAY\1", 1, '\2'), message.body,
         [this, message](const SendAnswer& /*answer*/) { world_.later.Acked(message); });
  }
  void Send(std::string_view topic, std::int32_t queue_id, const std::string& properties,
            std::string_view body, std::function<void(const SendAnswer&)> acked) {
    wire::SendMessage::Header header;
    header.producer_group = "producers";
    header.topic = topic;
    header.default_topic = "TBW102";
    header.default_topic_queues = kQueues;
    header.queue_id = queue_id;
    header.born_ms = 1'700'000'000'000;
    header.properties = properties;
    client_.Call<wire::SendMessage>(
        header, body, {.timeout = kTimeout, .code = 310, .spelling = wire::Spelling::kShort},
        [this, acked = std::move(acked)](StatusOr<SendAnswer> answer) {
          if (!answer.ok()) return BrokenOff(answer.error());
          EXPECT_EQ(answer->code, 0) << answer->remark;
          if (answer->code != 0) return Enough();
          acked(*answer);
          if (++acks_ < acks_wanted_) return SendOne();
          if (SystemClock().Now() < until_) {
            loop_.After(kPause, [this] { SendOne(); });
          } else {
            Enough();
            SendOne();
          }
        });
  }
  void Commit(std::int32_t queue, std::int64_t offset) {
    wire::UpdateConsumerOffset::Header header;
    header.consumer_group = kGroup;
    header.topic = kTopic;
    header.queue_id = queue;
    header.commit_offset = offset;
    world_.commits.Asked(queue, offset);
    client_.Call<wire::UpdateConsumerOffset>(
        header, {}, {.timeout = kTimeout},
        [this, queue, offset](StatusOr<net::Answer<wire::UpdateConsumerOffset>> answer) {
          if (!answer.ok()) return BrokenOff(answer.error());
          EXPECT_EQ(answer->code, 0) << answer->remark;
          world_.commits.Acked(queue, offset, SystemClock().Now());
        });
  }
  void PullOn(std::int32_t queue, std::int64_t offset) {
    auto header = PullAt(queue, offset);
    header.sys_flag |= wire::pull_flag::kSuspend;
    header.suspend_timeout_ms = 20'000;
    client_.Call<wire::PullMessage>(
        header, {}, {.timeout = kTimeout},
        [this, queue, offset](StatusOr<net::Answer<wire::PullMessage>> answer) {
          if (!answer.ok()) return BrokenOff(answer.error());
          const bool fine = answer->code == 0 || answer->code == 19;
          EXPECT_TRUE(fine) << answer->code << ' ' << answer->remark;
          if (!fine) return;
          const auto next = See(world_.promises, answer->body, offset);
          if (next > offset) Commit(queue, next);
          PullOn(queue, next);
        });
  }
  // By the kill, which comes after enough was told; before that the broker has ended by itself.
  void BrokenOff(const Status& why) {
    if (!told_) ADD_FAILURE() << "before it was killed: " << why.ToString();
    Enough();
  }
  void Enough() {
    if (!std::exchange(told_, true)) enough_.set_value();
  }

  static constexpr auto kPause = std::chrono::milliseconds(200);

  net::Client& client_;
  Executor& loop_;
  World& world_;
  const std::int64_t acks_wanted_;
  const MonoTime until_;
  std::atomic<std::int64_t> sends_ = 0;
  std::int64_t acks_ = 0;  // on the client's loop only
  bool told_ = false;
  std::promise<void> enough_;
};

class KillTest : public testing::Test {
 protected:
  KillTest() {
    process_ = std::make_unique<BrokerProcess>(
        std::vector<std::string>{
            "listenPort=0", "brokerIP1=127.0.0.1", "bindAddress=127.0.0.1",
            Concat("storePathRootDir=", directory_.path(), "/store"), "flushDiskType=SYNC_FLUSH",
            "syncFlushTimeout=60000", "mappedFileSizeCommitLog=4194304",
            "mappedFileSizeConsumeQueue=4000", "maxHashSlotNum=1000", "maxIndexNum=2000",
            "cleanResourceInterval=3600000", "messageDelayLevel=1s 2s",
            Concat("flushConsumerOffsetInterval=", Commits::kIntervalMs)},
        directory_.path());
  }
  ~KillTest() override { process_.reset(); }

  void Start() {
    ASSERT_TRUE(process_->Start());
    loops_ = std::make_unique<net::LoopGroup>();
    loops_->Start();
    client_ = net::Client::Create(*loops_, Concat("127.0.0.1:", process_->port()));
  }
  void Kill() {
    // Before the kill: what is acknowledged from here on, the kill may take back.
    world_.commits.Killed(SystemClock().Now());
    process_->Kill();
    client_->Close();
    loops_->Stop();  // the load calls the client from there
    client_.reset();
    loops_.reset();
  }

  // Reads every queue from `from` to its end; returns the ends.
  std::map<std::int32_t, std::int64_t> ReadQueues(std::map<std::int32_t, std::int64_t> from) {
    std::map<std::int32_t, std::int64_t> ends;
    for (std::int32_t queue = 0; queue < kQueues; ++queue) {
      for (std::int64_t at = from[queue];;) {
        auto answer =
            client_->CallAndWait<wire::PullMessage>(PullAt(queue, at), {}, {.timeout = kTimeout});
        EXPECT_TRUE(answer.ok()) << answer.error().ToString();
        if (!answer.ok()) return ends;
        if ((*answer)->code == 17) break;  // no such topic yet
        ends[queue] = at;
        if ((*answer)->code != 0) {
          EXPECT_EQ((*answer)->code, 19) << (*answer)->remark;
          EXPECT_EQ((*answer)->reply.max_offset, at);
          break;
        }
        const auto next = See(world_.promises, (*answer)->body, at);
        EXPECT_GT(next, at);
        if (next <= at) break;
        at = next;
      }
    }
    return ends;
  }

  void ReadCommitsBack() {
    for (std::int32_t queue = 0; queue < kQueues; ++queue) {
      wire::QueryConsumerOffset::Header header;
      header.consumer_group = kGroup;
      header.topic = kTopic;
      header.queue_id = queue;
      header.set_zero_if_not_found = false;
      const auto answer =
          client_->CallAndWait<wire::QueryConsumerOffset>(header, {}, {.timeout = kTimeout});
      ASSERT_TRUE(answer.ok()) << answer.error().ToString();
      world_.commits.ReadBack(queue, (*answer)->code == 0 ? (*answer)->reply.offset : -1);
    }
  }

  // Waits for what was acknowledged and delayed.
  void AwaitDeliveries() {
    const MonoTime end = SystemClock().Now() + kTimeout;
    std::int64_t at = 0;
    while (world_.later.missing() > 0 && SystemClock().Now() < end && !HasFailure()) {
      auto header = PullAt(0, at, kLaterTopic);
      header.sys_flag |= wire::pull_flag::kSuspend;
      header.suspend_timeout_ms = 5000;
      const auto answer =
          client_->CallAndWait<wire::PullMessage>(header, {}, {.timeout = kTimeout});
      ASSERT_TRUE(answer.ok()) << answer.error().ToString();
      if ((*answer)->code == 0) at = See(world_.later, (*answer)->body, at);
    }
    EXPECT_EQ(world_.later.missing(), 0U);
    EXPECT_GT(world_.later.acked(), 200U);
  }

  // The index finds every message stored since the last look, once.
  void CheckIndex() {
    std::vector<std::pair<std::string, Place>> looked_for;
    for (const auto& [key, place] : world_.promises.stored()) {
      if (indexed_.insert(key).second) looked_for.emplace_back(key, place);
    }
    constexpr std::size_t kAtOnce = 128;  // the broker answers that it is busy to a flood
    for (std::span rest(looked_for); !rest.empty();) {
      const auto part = rest.first(std::min(kAtOnce, rest.size()));
      rest = rest.subspan(part.size());
      FindByKey(part);
    }
  }
  void FindByKey(std::span<const std::pair<std::string, Place>> messages) {
    std::promise<void> all;
    std::size_t left = messages.size();
    for (const auto& message : messages) {
      wire::QueryMessage::Header query;
      query.topic = kTopic;
      query.key = message.first;
      query.end_ms = std::int64_t{1} << 45;
      // A delayed message is delivered again after each kill, under the same unique key, and may
      // share the hash of this one's key.
      query.max_messages = 64;
      client_->Call<wire::QueryMessage>(
          query, {}, {.timeout = kTimeout}, [&all, &left, &message](auto answer) {
            EXPECT_TRUE(answer.ok());
            if (answer.ok()) {
              EXPECT_EQ(answer->code, 0) << "not in the index: " << message.first;
              EXPECT_THAT(OffsetsOf(message.first, answer->body),
                          testing::ElementsAre(message.second.log_offset))
                  << message.first;
            }
            if (--left == 0) all.set_value();
          });
    }
    all.get_future().wait();
  }

  TempDirectory directory_;
  World world_;
  std::unique_ptr<BrokerProcess> process_;
  std::unique_ptr<net::LoopGroup> loops_;
  std::shared_ptr<net::Client> client_;
  std::set<std::string> indexed_;
};

TEST_F(KillTest, FiftyKillsUnderLoadBreakNoPromise) {
  std::map<std::int32_t, std::int64_t> ends;
  for (int kill = 0; kill < 50 && !HasFailure(); ++kill) {
    SCOPED_TRACE(Concat("kill ", kill));
    Start();
    if (HasFatalFailure()) return;
    // What a consumer has seen of the last round may not be all there was.
    ends = ReadQueues(ends);
    world_.promises.CheckAcked();
    ReadCommitsBack();
    CheckIndex();
    // Now and then long enough for commits to be written.
    const Duration at_least = kill % 20 == 10 ? Commits::kWrittenWithin + kSecond : Duration();
    Load load(*client_, loops_->loop(0), world_,
              1 + world_.promises.Below(kill % 5 == 0 ? 20 : 600), at_least);
    load.Run(ends);
    Kill();
  }
  Start();
  ReadQueues({});
  world_.promises.CheckAcked();
  ReadCommitsBack();
  indexed_.clear();
  CheckIndex();
  AwaitDeliveries();
  Kill();
  EXPECT_GT(world_.promises.acked(), 5000U);
  EXPECT_GT(world_.commits.due(), 10);
}

}  // namespace
}  // namespace comet::broker
