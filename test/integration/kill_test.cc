// kill -9 of the real process under load, again and again; after every start everything that a
// producer or a consumer was told must still be so.

#include <stdlib.h>

#include <filesystem>
#include <future>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "broker_process.h"
#include "remoting/base/mutex.h"
#include "remoting/base/random.h"
#include "remoting/base/text.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/message_id.h"
#include "remoting/wire/properties.h"
#include "remoting/wire/record_reader.h"
#include "remoting/wire/requests/pull_message.h"
#include "remoting/wire/requests/query_message.h"
#include "remoting/wire/requests/send_message.h"

namespace comet::broker {
namespace {

constexpr int kQueues = 4;
constexpr int kInFlight = 48;
constexpr auto kTimeout = std::chrono::seconds(30);
constexpr std::string_view kTopic = "orders";

struct Place {
  std::int64_t queue_offset = -1, log_offset = -1;
  bool operator==(const Place&) const = default;
};

// What the world knows of the broker's promises. Any thread.
class Promises {
 public:
  struct Message {
    std::string body, key;
    std::int32_t queue_id = 0;
  };

  Message NewMessage() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const auto number = sent_.size();
    Message message{Concat("message ", number, ' '), Concat("key", number),
                    static_cast<std::int32_t>(number % kQueues)};
    message.body.resize(message.body.size() + 50 + random_.Below(8000), '.');
    sent_.emplace(message.key, message);
    return message;
  }
  void Acked(const Message& message, Place place) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    acked_.emplace(message.key, place);
  }
  // A consumer, during the load or after a start, was given this message at this place.
  void Saw(const wire::RecordView& record) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const std::string key(wire::FindProperty(record.properties, "KEYS").value_or(""));
    const auto sent = sent_.find(key);
    ASSERT_NE(sent, sent_.end()) << "nobody sent " << key;
    ASSERT_EQ(sent->second.body, record.body);
    ASSERT_EQ(sent->second.queue_id, record.queue_id);
    const Place place{record.queue_offset, record.log_offset};
    const auto [seen, first] = seen_.emplace(key, place);
    ASSERT_EQ(seen->second, place) << key << " has moved, or is there twice";
    const auto [taken, free] = taken_.emplace(std::pair(record.queue_id, place.queue_offset), key);
    ASSERT_EQ(taken->second, key) << "an offset was given to another message";
  }
  // All queues have been read to their ends.
  void CheckAcked() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    for (const auto& [key, place] : acked_) {
      const auto seen = seen_.find(key);
      ASSERT_NE(seen, seen_.end()) << "lost: " << key;
      ASSERT_EQ(seen->second, place) << key;
    }
  }
  // Whatever consumers have seen or producers were told, and how many of it there were.
  std::map<std::string, Place> stored() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return seen_;
  }
  std::size_t acked() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return acked_.size();
  }
  std::uint32_t Below(std::uint32_t limit) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return random_.Below(limit);
  }

 private:
  mutable Mutex mutex_;
  Random random_ GUARDED_BY(mutex_){1};
  std::map<std::string, Message> sent_ GUARDED_BY(mutex_);
  std::map<std::string, Place> acked_ GUARDED_BY(mutex_), seen_ GUARDED_BY(mutex_);
  std::map<std::pair<std::int32_t, std::int64_t>, std::string> taken_ GUARDED_BY(mutex_);
};

// Reads the records of a reply; returns the offset behind the last.
std::int64_t See(Promises& promises, std::string_view body, std::int64_t from) {
  while (!body.empty()) {
    const auto read = wire::ReadRecord(body, {.body_crc = true, .log_offset = std::nullopt});
    EXPECT_EQ(read.state, wire::RecordState::kRecord) << read.reason;
    if (read.state != wire::RecordState::kRecord) break;
    EXPECT_EQ(read.record.queue_offset, from) << "a hole in queue " << read.record.queue_id;
    from = read.record.queue_offset + 1;
    promises.Saw(read.record);
    body.remove_prefix(read.record.bytes);
  }
  return from;
}

wire::PullMessage::Header PullAt(std::int32_t queue_id, std::int64_t offset) {
  wire::PullMessage::Header header;
  header.consumer_group = "consumers";
  header.topic = kTopic;
  header.queue_id = queue_id;
  header.queue_offset = offset;
  header.max_messages = 32;
  header.sys_flag = wire::pull_flag::kSubscription;
  header.subscription = "*";
  return header;
}

// Producers and a consumer that go on until the connection breaks.
class Load {
 public:
  Load(net::Client& client, Promises& promises, std::int64_t acks_wanted)
      : client_(client), promises_(promises), acks_wanted_(acks_wanted) {}

  // Returns when so many sends were acknowledged; more are on their way.
  void Run(std::map<std::int32_t, std::int64_t> ends) {
    for (int i = 0; i < kInFlight; ++i) SendOne();
    for (const auto& [queue, end] : ends) PullOn(queue, end);
    enough_.get_future().wait();
  }

 private:
  void SendOne() {
    const auto message = promises_.NewMessage();
    const std::string properties = Concat("KEYS\1", message.key, '\2');
    wire::SendMessage::Header header;
    header.producer_group = "producers";
    header.topic = kTopic;
    header.default_topic = "TBW102";
    header.default_topic_queues = kQueues;
    header.queue_id = message.queue_id;
    header.born_ms = 1'700'000'000'000;
    header.properties = properties;
    client_.Call<wire::SendMessage>(
        header, message.body,
        {.timeout = kTimeout, .code = 310, .spelling = wire::Spelling::kShort},
        [this, message](StatusOr<net::Answer<wire::SendMessage>> answer) {
          if (!answer.ok()) return BrokenOff(answer.error());
          EXPECT_EQ(answer->code, 0) << answer->remark;
          if (answer->code != 0) return Enough();
          const auto id = wire::ParseMessageId(answer->reply.message_id);
          promises_.Acked(message,
                          {answer->reply.queue_offset, id ? id->log_offset : std::int64_t{-1}});
          if (++acks_ == acks_wanted_) Enough();
          SendOne();
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
          if (fine) PullOn(queue, See(promises_, answer->body, offset));
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

  net::Client& client_;
  Promises& promises_;
  const std::int64_t acks_wanted_;
  std::int64_t acks_ = 0;  // on the client's loop only
  bool told_ = false;
  std::promise<void> enough_;
};

class KillTest : public testing::Test {
 protected:
  KillTest() {
    std::string pattern = testing::TempDir() + "kill_XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
    process_ = std::make_unique<BrokerProcess>(
        std::vector<std::string>{"listenPort=0", "brokerIP1=127.0.0.1", "bindAddress=127.0.0.1",
                                 Concat("storePathRootDir=", directory_, "/store"),
                                 "flushDiskType=SYNC_FLUSH", "mappedFileSizeCommitLog=4194304",
                                 "mappedFileSizeConsumeQueue=4000", "maxHashSlotNum=1000",
                                 "maxIndexNum=2000", "cleanResourceInterval=3600000"},
        directory_);
  }
  ~KillTest() override {
    process_.reset();
    std::filesystem::remove_all(directory_);
  }

  void Start() {
    ASSERT_TRUE(process_->Start());
    loops_ = std::make_unique<net::LoopGroup>();
    loops_->Start();
    client_ = net::Client::Create(*loops_, Concat("127.0.0.1:", process_->port()));
  }
  void Kill() {
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
        const auto next = See(promises_, (*answer)->body, at);
        EXPECT_GT(next, at);
        if (next <= at) break;
        at = next;
      }
    }
    return ends;
  }

  // The index finds every message stored since the last look, once.
  void CheckIndex() {
    std::vector<std::pair<std::string, Place>> looked_for;
    for (const auto& [key, place] : promises_.stored()) {
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
      client_->Call<wire::QueryMessage>(
          query, {}, {.timeout = kTimeout}, [&all, &left, &message](auto answer) {
            EXPECT_TRUE(answer.ok());
            if (answer.ok()) {
              EXPECT_EQ(answer->code, 0) << "not in the index: " << message.first;
              const auto found =
                  wire::ReadRecord(answer->body, {.body_crc = true, .log_offset = std::nullopt});
              EXPECT_EQ(found.record.log_offset, message.second.log_offset) << message.first;
              EXPECT_EQ(found.record.bytes, answer->body.size()) << message.first << " twice";
            }
            if (--left == 0) all.set_value();
          });
    }
    all.get_future().wait();
  }

  std::string directory_;
  Promises promises_;
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
    promises_.CheckAcked();
    CheckIndex();
    Load load(*client_, promises_, 1 + promises_.Below(kill % 5 == 0 ? 20 : 600));
    load.Run(ends);
    Kill();
  }
  Start();
  ReadQueues({});
  promises_.CheckAcked();
  indexed_.clear();
  CheckIndex();
  Kill();
  EXPECT_GT(promises_.acked(), 5000U);
}

}  // namespace
}  // namespace comet::broker
