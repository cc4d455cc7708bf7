#include "store/dispatcher.h"

#include <thread>

#include <gtest/gtest.h>

#include "remoting/base/posix_file_system.h"
#include "store/queue_table.h"
#include "test/base/temp_directory.h"
#include "test/store/faulty_file_system.h"

namespace comet::store {
namespace {

constexpr std::int32_t kSize = 100;

class Heard final : public ArrivalSink {
 public:
  void OnArrivals(std::span<const Arrival> arrivals) override {
    for (const Arrival& arrival : arrivals) {
      EXPECT_EQ(arrival.queue->queue().end(), arrival.end);  // visible before it is told
      all.push_back(arrival);
    }
  }
  std::vector<Arrival> all;
};

class DispatcherTest : public testing::Test {
 protected:
  DispatcherTest() {
    QueueTableOptions options;
    options.directory = directory_ / "consumequeue";
    queues_ = QueueTable::Open(fs_, options).Take();
    index_ = KeyIndex::Open(fs_, clock_, {directory_ / "index", 100, 1000}).Take();
    dispatcher_ = std::make_unique<Dispatcher>(Dispatcher::Options{[this] {
                                                 return limit_.load();
                                               }},
                                               index_.get(), heard_);
  }
  DispatchEntry Entry(QueueSlot* queue, const std::string& key = "") {
    DispatchEntry entry;
    entry.queue = queue;
    entry.queue_offset = queue->next_offset++;
    entry.log_offset = log_end_;
    entry.size = kSize;
    entry.store_ms = 1'700'000'000'000 + log_end_;
    if (!key.empty()) entry.keys.Add(IndexKeyHash(queue->topic(), key));
    log_end_ += kSize;
    return entry;
  }
  void Offer(QueueSlot* queue, const std::string& key = "") {
    std::vector<DispatchEntry> entries;
    entries.push_back(Entry(queue, key));
    dispatcher_->Offer(std::move(entries));
  }

  TempDirectory directory_;
  ManualClock clock_;
  PosixFileSystem real_;
  FaultyFileSystem fs_{real_};
  std::atomic<std::int64_t> limit_ = std::int64_t{1} << 60;
  std::int64_t log_end_ = 0;
  Heard heard_;
  std::unique_ptr<QueueTable> queues_;
  std::unique_ptr<KeyIndex> index_;
  std::unique_ptr<Dispatcher> dispatcher_;
};

TEST_F(DispatcherTest, HasNothingToDoAtFirst) {
  EXPECT_FALSE(dispatcher_->Step());
  EXPECT_EQ(dispatcher_->dispatched(), 0);
}

TEST_F(DispatcherTest, BringsRecordsToQueuesAndIndex) {
  QueueSlot* a = queues_->FindOrCreate("A", 0);
  QueueSlot* b = queues_->FindOrCreate("B", 3);
  Offer(a, "k1");
  Offer(b, "k2");
  Offer(a, "k1");
  EXPECT_EQ(dispatcher_->backlog(), 3U);
  EXPECT_TRUE(dispatcher_->Step());
  EXPECT_EQ(dispatcher_->backlog(), 0U);
  EXPECT_EQ(dispatcher_->dispatched(), 300);
  EXPECT_EQ(dispatcher_->dispatched_ms(), 1'700'000'000'200);
  EXPECT_EQ(a->queue().end(), 2);
  EXPECT_EQ(b->queue().end(), 1);
  EXPECT_EQ(index_->Find("A", "k1", 0, 1LL << 60, 10)->log_offsets,
            (std::vector<std::int64_t>{200, 0}));
}

TEST_F(DispatcherTest, ShowsNothingAboveTheLimit) {
  QueueSlot* a = queues_->FindOrCreate("A", 0);
  for (int n = 0; n < 5; ++n) Offer(a);
  limit_ = 250;  // record 2 ends at 300
  EXPECT_TRUE(dispatcher_->Step());
  EXPECT_EQ(a->queue().end(), 2);
  EXPECT_EQ(dispatcher_->dispatched(), 200);
  EXPECT_FALSE(dispatcher_->Step());
  limit_ = 300;
  EXPECT_TRUE(dispatcher_->Step());
  EXPECT_EQ(a->queue().end(), 3);
  limit_ = 1000;
  EXPECT_TRUE(dispatcher_->Drain().ok());
  EXPECT_EQ(a->queue().end(), 5);
}

TEST_F(DispatcherTest, TransactionsAreShownWhenCommittedOnly) {
  QueueSlot* a = queues_->FindOrCreate("A", 0);
  std::vector<DispatchEntry> entries;
  for (const auto kind : {TransactionKind::kPrepared, TransactionKind::kRollback}) {
    entries.push_back(Entry(a, "k" + std::to_string(static_cast<int>(kind))));
    entries.back().queue_offset = 0;
    entries.back().transaction = kind;
  }
  a->next_offset = 0;
  entries.push_back(Entry(a, "k2"));
  entries.back().transaction = TransactionKind::kCommit;
  dispatcher_->Offer(std::move(entries));
  EXPECT_TRUE(dispatcher_->Drain().ok());
  EXPECT_EQ(a->queue().end(), 1);
  EXPECT_EQ(dispatcher_->dispatched(), 300);
  EXPECT_EQ(index_->Find("A", "k1", 0, 1LL << 60, 10)->log_offsets.size(), 1U);
  EXPECT_EQ(index_->Find("A", "k2", 0, 1LL << 60, 10)->log_offsets.size(), 1U);
  EXPECT_TRUE(index_->Find("A", "k3", 0, 1LL << 60, 10)->log_offsets.empty());
}

TEST_F(DispatcherTest, TellsOnlyTheLoopsThatAskedAndOnlyOnce) {
  QueueSlot* a = queues_->FindOrCreate("A", 0);
  QueueSlot* b = queues_->FindOrCreate("B", 0);
  Offer(a);
  Offer(b);
  dispatcher_->Step();
  EXPECT_TRUE(heard_.all.empty());
  a->SetInterest(2);
  a->SetInterest(5);
  Offer(a);
  Offer(b);
  dispatcher_->Step();
  ASSERT_EQ(heard_.all.size(), 1U);
  EXPECT_EQ(heard_.all[0].queue, a);
  EXPECT_EQ(heard_.all[0].end, 2);
  EXPECT_EQ(heard_.all[0].loops, (1U << 2) | (1U << 5));
  Offer(a);
  dispatcher_->Step();
  EXPECT_EQ(heard_.all.size(), 1U);
}

TEST_F(DispatcherTest, NoParkedReaderMissesAnArrival) {
  QueueSlot* a = queues_->FindOrCreate("A", 0);
  constexpr int kMessages = 2000;
  std::atomic<int> told = 0;
  class Counting final : public ArrivalSink {
   public:
    explicit Counting(std::atomic<int>& count) : count_(count) {}
    void OnArrivals(std::span<const Arrival> arrivals) override {
      count_.fetch_add(static_cast<int>(arrivals.size()));
      count_.notify_all();
    }
    std::atomic<int>& count_;
  } counting(told);
  Dispatcher dispatcher({[this] {
                          return limit_.load();
                        }},
                        nullptr, counting);
  std::thread reader([&] {
    for (std::int64_t index = 0; index < kMessages; ++index) {
      while (a->queue().end() <= index) {
        const int before = told.load();
        a->SetInterest(0);
        if (a->queue().end() > index) break;
        told.wait(before);  // hangs if the wake-up was lost
      }
    }
  });
  for (int n = 0; n < kMessages; ++n) {
    std::vector<DispatchEntry> entries;
    entries.push_back(Entry(a));
    dispatcher.Offer(std::move(entries));
    dispatcher.Step();
  }
  reader.join();
  EXPECT_EQ(a->queue().end(), kMessages);
}

TEST_F(DispatcherTest, AFullDiskLosesNothingAndIsTriedAgain) {
  QueueSlot* a = queues_->FindOrCreate("A", 0);
  QueueSlot* b = queues_->FindOrCreate("B", 0);
  Offer(a, "k0");
  dispatcher_->Step();
  fs_.fail_writes = true;
  a->SetInterest(0);
  b->SetInterest(0);
  Offer(a, "k1");
  Offer(b, "k2");
  EXPECT_FALSE(dispatcher_->Step());
  EXPECT_EQ(dispatcher_->status().code(), Status::Code::kFull);
  EXPECT_FALSE(dispatcher_->Step());
  EXPECT_EQ(a->queue().end(), 1);
  EXPECT_EQ(dispatcher_->dispatched(), 100);
  EXPECT_TRUE(heard_.all.empty());
  fs_.fail_writes = false;
  EXPECT_TRUE(dispatcher_->Drain().ok());
  EXPECT_EQ(a->queue().end(), 2);
  EXPECT_EQ(b->queue().end(), 1);
  EXPECT_EQ(heard_.all.size(), 2U);
  EXPECT_EQ(index_->Find("B", "k2", 0, 1LL << 60, 10)->log_offsets.size(), 1U);
}

TEST_F(DispatcherTest, AnOfferIsToldApartFromATaskThatMustRun) {
  int woken = 0, offered = 0;
  dispatcher_->wake().Connect([&] { ++woken; });
  dispatcher_->offered().Connect([&] { ++offered; });
  Offer(queues_->FindOrCreate("A", 0));
  EXPECT_EQ(std::pair(woken, offered), std::pair(0, 1));
  dispatcher_->Between([] {});
  EXPECT_EQ(std::pair(woken, offered), std::pair(1, 1));
}

}  // namespace
}  // namespace comet::store
