#include "test/store/golden_store.h"

#include <filesystem>
#include <limits>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "remoting/base/posix_file_system.h"
#include "remoting/base/worker.h"
#include "store/index_file.h"
#include "store/key_index.h"
#include "store/queue_table.h"
#include "store/reader.h"
#include "store/store.h"

namespace comet::store {
namespace {

constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::max() / 2;

class NoAcks final : public AckSink {
 public:
  void OnAcks(std::uint32_t /*loop*/, std::vector<Ack> /*acks*/) override {}
};
class NoArrivals final : public ArrivalSink {
 public:
  void OnArrivals(std::span<const Arrival> /*arrivals*/) override {}
};

class GoldenStoreTest : public testing::TestWithParam<std::string> {
 protected:
  void Open() {
    auto opened =
        Store::Open({fs_, SystemClock(), worker_, acks_, arrivals_}, golden_.Config(), {});
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    store_ = opened.Take();
  }
  void Close() {
    ASSERT_TRUE(store_->Close().ok());
    store_.reset();
  }
  const nlohmann::json& manifest() const { return golden_.manifest(); }

  void ExpectQueuesOfTheManifest() {
    std::size_t queues = 0;
    for (const auto& [topic, ids] : manifest()["queues"].items()) {
      for (const auto& [id, expected] : ids.items()) {
        SCOPED_TRACE(topic + "/" + id);
        const QueueSlot* slot = store_->queues().Find(topic, std::stoi(id));
        ASSERT_NE(slot, nullptr);
        EXPECT_EQ(slot->queue().begin(), expected["minOffset"]);
        EXPECT_EQ(slot->queue().end(), expected["maxOffset"]);
        EXPECT_EQ(slot->next_offset.load(), expected["maxOffset"]);
        std::vector<QueueEntry> entries(expected["entries"].size());
        const auto got = slot->queue().Get(slot->queue().begin(), entries);
        ASSERT_TRUE(got.ok());
        ASSERT_EQ(*got, entries.size());
        for (std::size_t n = 0; n < entries.size(); ++n) {
          const auto& entry = expected["entries"][n];
          ASSERT_EQ(entries[n], (QueueEntry{entry[0], entry[1], entry[2]})) << n;
        }
        ++queues;
      }
    }
    std::size_t found = 0;
    store_->queues().ForEach([&](QueueSlot& slot) { found += slot.queue().end() > 0 ? 1U : 0U; });
    EXPECT_EQ(found, queues);
  }

  void ExpectIndexOfTheManifest() {
    std::size_t keys = 0;
    for (const auto& message : manifest()["messages"]) {
      if (!message.contains("index")) continue;
      for (const auto& entry : message["index"]) {
        const auto found = store_->index()->Find(message["topic"].get<std::string>(),
                                                 entry["key"].get<std::string>(), 0, kEver, 100000);
        ASSERT_TRUE(found.ok()) << found.error().message();
        EXPECT_EQ(std::count(found->log_offsets.begin(), found->log_offsets.end(),
                             message["phyOffset"].get<std::int64_t>()),
                  1)
            << entry.dump();
        ++keys;
      }
    }
    EXPECT_GT(keys, 1000U);
  }

  // `names`: also the files' names must be those of the manifest.
  void ExpectIndexFilesOfTheManifest() {
    std::vector<std::string> paths;
    for (const auto& file : std::filesystem::directory_iterator(golden_ / "index")) {
      paths.push_back(file.path().string());
    }
    std::sort(paths.begin(), paths.end());
    ASSERT_EQ(paths.size(), manifest()["indexFiles"].size());
    for (std::size_t n = 0; n < paths.size(); ++n) {
      const auto& expected = manifest()["indexFiles"][n];
      SCOPED_TRACE(expected["file"].get<std::string>());
      const auto file = IndexFile::Open(fs_, paths[n], {100, 200});
      ASSERT_TRUE(file.ok()) << file.error().message();
      EXPECT_TRUE((*file)->Verify().ok());
      const IndexHeader header = (*file)->header();
      EXPECT_EQ(header.begin_ms, expected["beginTimestamp"]);
      EXPECT_EQ(header.end_ms, expected["endTimestamp"]);
      EXPECT_EQ(header.begin_log_offset, expected["beginPhyOffset"]);
      EXPECT_EQ(header.end_log_offset, expected["endPhyOffset"]);
      EXPECT_EQ(header.used_slots, expected["usedSlots"]);
      EXPECT_EQ(header.count, expected["indexCount"]);
      for (const auto& row : expected["entries"]) {
        const auto entry = (*file)->Entry(row[0]);
        ASSERT_TRUE(entry.ok());
        EXPECT_EQ(entry->hash, row[1]);
        EXPECT_EQ(entry->log_offset, row[2]);
        EXPECT_EQ(entry->seconds, row[3]);
        EXPECT_EQ(entry->previous, row[4]) << row.dump();
      }
    }
  }

  GoldenStore golden_{GetParam()};
  PosixFileSystem fs_;
  Worker worker_{"worker"};
  NoAcks acks_;
  NoArrivals arrivals_;
  std::unique_ptr<Store> store_;
};

TEST_P(GoldenStoreTest, HasEveryQueueAndKeyOfTheManifest) {
  ExpectIndexFilesOfTheManifest();
  Open();
  EXPECT_EQ(store_->log().end(), manifest()["commitLogEnd"]);
  ExpectQueuesOfTheManifest();
  ExpectIndexOfTheManifest();
  Close();
  ExpectIndexFilesOfTheManifest();
  Open();
  ExpectQueuesOfTheManifest();
}

TEST_P(GoldenStoreTest, QueuesAndIndexAreAFunctionOfTheLog) {
  std::filesystem::remove_all(golden_ / "consumequeue");
  std::filesystem::remove_all(golden_ / "index");
  Open();
  ExpectQueuesOfTheManifest();
  ExpectIndexOfTheManifest();
  Close();
  ExpectIndexFilesOfTheManifest();
}

TEST_P(GoldenStoreTest, EveryMessageIsReadFromItsQueue) {
  Open();
  std::map<std::int64_t, std::int64_t> sizes;
  for (const auto& message : manifest()["messages"]) sizes[message["phyOffset"]] = message["size"];
  std::size_t messages = 0;
  store_->queues().ForEach([&](QueueSlot& slot) {
    std::int64_t next = slot.queue().begin();
    while (next < slot.queue().end()) {
      const ReadResult read = store_->reader().Read(&slot, next, {}, nullptr);
      ASSERT_EQ(read.status, ReadStatus::kFound) << slot.topic() << '/' << slot.id();
      EXPECT_EQ(read.damaged, 0);
      std::int64_t bytes = 0;
      for (const LogRange& range : read.ranges) {
        for (Slice rest = range.bytes; !rest.empty();) {
          const std::int32_t size = GetI32(rest.data());
          EXPECT_EQ(sizes[GetI64(rest.data() + 28)], size);
          rest.remove_prefix(static_cast<std::size_t>(size));
          bytes += size;
          ++messages;
        }
      }
      EXPECT_EQ(read.bytes, bytes);
      next = read.next_offset;
    }
  });
  std::size_t entries = 0;
  for (const auto& topic : manifest()["queues"]) {
    for (const auto& queue : topic) entries += queue["entries"].size();
  }
  EXPECT_EQ(messages, entries);
}

TEST_P(GoldenStoreTest, FindsOffsetsByTime) {
  Open();
  std::map<std::int64_t, std::int64_t> times;
  for (const auto& message : manifest()["messages"]) {
    times[message["phyOffset"]] = message["storeTimestamp"];
  }
  for (const auto& [topic, ids] : manifest()["queues"].items()) {
    for (const auto& [id, queue] : ids.items()) {
      const QueueSlot* slot = store_->queues().Find(topic, std::stoi(id));
      ASSERT_NE(slot, nullptr);
      std::vector<std::int64_t> sorted;
      for (const auto& entry : queue["entries"]) sorted.push_back(times[entry[0]]);
      const std::int64_t min = queue["minOffset"];
      EXPECT_EQ(store_->reader().EarliestTime(slot), sorted.front());
      std::set<std::int64_t> asked = {0, kEver};
      for (const std::int64_t time : sorted) asked.insert({time - 1, time, time + 1});
      for (const std::int64_t time : asked) {
        const auto at_or_after = std::lower_bound(sorted.begin(), sorted.end(), time);
        const auto after = std::upper_bound(sorted.begin(), sorted.end(), time);
        EXPECT_EQ(*store_->reader().OffsetByTime(slot, time, TimeBoundary::kLower),
                  min + (at_or_after - sorted.begin()));
        EXPECT_EQ(*store_->reader().OffsetByTime(slot, time, TimeBoundary::kUpper),
                  min + std::max<std::int64_t>(0, after - sorted.begin() - 1));
      }
    }
  }
}

TEST_P(GoldenStoreTest, DamagedOrMissingFilesAreMadeAgain) {
  Open();
  Close();
  const std::string queue = golden_ / "consumequeue/GoldenFill/0/00000000000000006000";
  Overwrite(queue, 2000, std::string(300, '\xff'));
  std::filesystem::remove_all(golden_ / "consumequeue/GoldenSend/1");
  std::filesystem::resize_file(golden_ / "consumequeue/GoldenSend/2/00000000000000000000", 500);
  const std::string index =
      golden_ / ("index/" + manifest()["indexFiles"][4]["file"].get<std::string>());
  Overwrite(index, 40 + 400 + 20 * 60, std::string(10, '\x55'));
  Open();
  ExpectQueuesOfTheManifest();
  ExpectIndexOfTheManifest();
  Close();
  ExpectIndexFilesOfTheManifest();
}

INSTANTIATE_TEST_SUITE_P(All, GoldenStoreTest,
                         testing::Values("4.9.7-clean", "4.9.7-crash", "5.3.3-clean",
                                         "5.3.3-crash"),
                         [](const auto& store) {
                           std::string name = store.param;
                           std::replace_if(
                               name.begin(), name.end(), [](char c) { return !std::isalnum(c); },
                               '_');
                           return name;
                         });

}  // namespace
}  // namespace comet::store
