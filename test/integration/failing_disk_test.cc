// What producers and consumers see of a disk that fails or fills up.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/context.h"
#include "broker_fixture.h"
#include "eventually.h"
#include "remoting/base/text.h"
#include "remoting/wire/batch_body.h"
#include "remoting/wire/requests/query_message.h"
#include "remoting/wire/requests/send_message_back.h"
#include "remoting/wire/response_code.h"
#include "test/store/faulty_file_system.h"

namespace comet::broker {
namespace {

using Code = wire::ResponseCode;
using testing::HasSubstr;

class FailingDisk : public BrokerTest {
 protected:
  ~FailingDisk() override { StopBroker(); }  // before its disk

  void StartOnIt(store::FlushDiskType flush) {
    auto store = options_.store;
    store.flush = flush;
    StartWith({.broker = options_.broker, .store = store, .net = {}, .fs = disk_});
  }
  void ExpectRefused(std::string_view why) {
    const auto send = Send(SendTo("orders"), "refused");
    EXPECT_EQ(send->code, Code::kServiceNotAvailable) << send->remark;
    EXPECT_THAT(send->remark, HasSubstr(why));
    auto header = SendTo("orders");
    header.batch = true;
    std::string pair;
    for (int i = 0; i < 2; ++i)
      wire::AppendBatchElement({.flag = 0, .body = "refused", .properties = {}}, &pair);
    EXPECT_EQ(Send(header, pair, 320)->code, Code::kServiceNotAvailable);
    wire::SendMessageBack::Header back;
    back.log_offset = kept_.log_offset;
    back.group = "consumers";
    back.delay_level = 1;
    const auto given_back = Ask<wire::SendMessageBack>(back);
    EXPECT_EQ(given_back->code, Code::kServiceNotAvailable) << given_back->remark;
  }
  void ExpectReadable() {
    EXPECT_EQ(Next("orders", 0).body, "kept");
    EXPECT_NE(Pull(PullFrom("orders", 1))->code, Code::kSuccess);
  }
  // What is on the disk counts, not what the broker says at its end.
  void StartAgainOnAGoodDisk() {
    client_->Close();
    EXPECT_FALSE(broker_->Stop().ok());
    broker_.reset();
    disk_.fail_writes = disk_.fail_syncs = false;
    StartOnIt(store::FlushDiskType::kSync);
    EXPECT_EQ(Next("orders", 0).body, "kept");
    const auto next = Put("orders", "taken again");
    EXPECT_GE(next, 1);
    EXPECT_EQ(Next("orders", next).body, "taken again");
  }
  void PutKept() {
    ASSERT_EQ(Put("orders", "kept"), 0);
    kept_ = Next("orders", 0);
  }

  store::FaultyFileSystem disk_{files_};
  Received kept_;
};

constexpr std::string_view kPoisoned = "a write or sync of the log failed";

TEST_F(FailingDisk, ThatCannotSyncRefusesTheSendAndAllAfterItUntilARestart) {
  StartOnIt(store::FlushDiskType::kSync);
  PutKept();
  disk_.fail_syncs = true;
  ExpectRefused(kPoisoned);
  disk_.fail_syncs = false;  // a later success says nothing of what was to be written before
  ExpectRefused(kPoisoned);
  ExpectReadable();
  StartAgainOnAGoodDisk();
}

TEST_F(FailingDisk, ThatCannotWriteRefusesTheSendAndAllAfterItUntilARestart) {
  for (const auto flush : {store::FlushDiskType::kSync, store::FlushDiskType::kAsync}) {
    SCOPED_TRACE(flush == store::FlushDiskType::kSync ? "SYNC_FLUSH" : "ASYNC_FLUSH");
    options_.store.root = directory_ / (flush == store::FlushDiskType::kSync ? "sync" : "async");
    StartOnIt(flush);
    PutKept();
    disk_.fail_writes = true;
    ExpectRefused(kPoisoned);
    disk_.fail_writes = false;
    ExpectRefused(kPoisoned);
    ExpectReadable();
    StartAgainOnAGoodDisk();
    StopBroker();
  }
}

// Nobody waits for the disk here, so what was answered before may be lost, as the setting says; but
// nobody is told of success any more.
TEST_F(FailingDisk, ThatCannotSyncInTheBackgroundRefusesSendsFromThenOn) {
  options_.store.flush_interval_ms = 10;
  StartOnIt(store::FlushDiskType::kAsync);
  PutKept();
  disk_.fail_syncs = true;
  EXPECT_TRUE(Eventually(kTimeout, [&] {
    return Send(SendTo("orders"), "message")->code == Code::kServiceNotAvailable;
  }));
  disk_.fail_syncs = false;
  ExpectRefused(kPoisoned);
  EXPECT_EQ(Next("orders", 0).body, "kept");
  StartAgainOnAGoodDisk();
}

TEST_F(FailingDisk, ThatFillsUpRefusesSendsServesReadsAndTakesSendsAgainWhenThereIsRoom) {
  StartOnIt(store::FlushDiskType::kSync);
  PutKept();
  disk_.used_percent = 97;
  EXPECT_TRUE(Eventually(kTimeout, [&] {
    return Send(SendTo("filler"), "message")->code == Code::kServiceNotAvailable;
  }));
  ExpectRefused("the disk is full");
  ExpectReadable();
  disk_.used_percent = 50;
  EXPECT_TRUE(Eventually(
      kTimeout, [&] { return Send(SendTo("filler"), "message")->code == Code::kSuccess; }));
  EXPECT_EQ(Put("orders", "taken again"), 1);
}

// The file is cut under the broker: to who has it mapped that is what a bad sector is.
struct LostPart {
  const char* name;
  std::int64_t file_bytes;
  std::size_t body_bytes;
  int messages;
};
class FailingSector : public BrokerTest, public testing::WithParamInterface<LostPart> {
 protected:
  using Offsets = std::map<std::int64_t, std::int64_t>;  // queue offset -> log offset

  net::OwnedAnswer<wire::PullMessage> PullOne(std::int64_t at) {
    auto header = PullFrom("orders", at);
    header.max_messages = 1;
    return Pull(header);
  }
  // All that the queue gives, up to its end or to where it gives no more.
  Offsets LogOffsets() {
    Offsets found;
    for (std::int64_t at = 0; at < GetParam().messages;) {
      const auto answer = PullOne(at);
      for (const auto& record : Records(answer->body)) {
        EXPECT_EQ(record.body, body_);
        found[record.queue_offset] = record.log_offset;
      }
      if (answer->reply.next_offset <= at) break;
      at = answer->reply.next_offset;
    }
    return found;
  }
  // Fills the queue, cuts the first file in its middle, and knows which messages that costs.
  void LoseAPart(bool accept_loss) {
    options_.store.segment_bytes = GetParam().file_bytes;
    options_.store.accept_loss = accept_loss;
    Start();
    for (int i = 0; i < GetParam().messages; ++i) Put("orders", body_, Concat("KEYS\1", i, '\2'));
    left_ = LogOffsets();
    ASSERT_EQ(std::ssize(left_), GetParam().messages);
    const auto cut = GetParam().file_bytes / 2;
    while (left_.at(first_lost_ + 1) <= cut) ++first_lost_;
    auto behind = first_lost_;
    lost_at_ = left_.at(first_lost_);
    while (left_.at(behind) < GetParam().file_bytes) left_.erase(behind++);
    ASSERT_LT(first_lost_ + 1, behind);
    std::filesystem::resize_file(directory_ / "store/commitlog/00000000000000000000",
                                 static_cast<std::uintmax_t>(cut));
  }

  std::int32_t CodeOfQuery(std::int64_t queue_offset) {
    const std::string key = Concat(queue_offset);
    wire::QueryMessage::Header query;
    query.topic = "orders";
    query.key = key;
    query.max_messages = 1;
    query.end_ms = INT64_MAX;
    return Ask<wire::QueryMessage>(query)->code;
  }

  const std::string body_ = std::string(GetParam().body_bytes, 'x');
  Offsets left_;
  std::int64_t first_lost_ = 0, lost_at_ = 0;  // queue offset and log offset
};

TEST_P(FailingSector, HoldsTheReadersOfTheMessageThereAndNobodyElse) {
  LoseAPart(false);
  left_.erase(left_.lower_bound(first_lost_), left_.end());
  EXPECT_EQ(LogOffsets(), left_);
  EXPECT_EQ(PullOne(first_lost_)->remark, "OFFSET_FOUND_NULL");
  // Of delivery, send-back and queries. Of the large ones the beginning can be read.
  EXPECT_EQ(broker_->context().reader.Record(lost_at_).error().code(), Status::Code::kIo);
  EXPECT_EQ(CodeOfQuery(first_lost_), Code::kSystemError);
  EXPECT_EQ(CodeOfQuery(0), Code::kSuccess);
  EXPECT_EQ(Put("orders", body_), GetParam().messages);
  EXPECT_EQ(Next("orders", GetParam().messages).body, body_);
}

TEST_P(FailingSector, CostsTheMessagesThereAloneWhereTheLossIsAccepted) {
  LoseAPart(true);
  EXPECT_EQ(LogOffsets(), left_);
  EXPECT_EQ(Put("orders", body_), GetParam().messages);
  EXPECT_EQ(Next("orders", GetParam().messages).body, body_);
}

INSTANTIATE_TEST_SUITE_P(Sends, FailingSector,
                         testing::Values(LostPart{"InSmallMessages", 256 << 10, 1'000, 400},
                                         LostPart{"InLargeMessages", 1 << 20, 200'000, 20},
                                         LostPart{"InOldMessages", 16 << 20, 1'000'000, 90}),
                         [](const auto& lost) { return std::string(lost.param.name); });

}  // namespace
}  // namespace comet::broker
