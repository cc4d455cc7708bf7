#include "test/store/store_world.h"

#include <algorithm>

#include "remoting/base/text.h"
#include "store/log_scanner.h"
#include "store/upkeep.h"

namespace comet::store {

StoreWorld::StoreWorld(FlushDiskType flush, std::uint64_t seed) : disk(clock, seed) {
  config.root = "store";
  config.segment_bytes = 4096;
  config.queue_file_bytes = 200;
  config.index_slots = 8;
  config.index_entries = 32;
  config.flush = flush;
}

Status StoreWorld::Open() {
  auto opened = Store::Open({disk, clock, worker, acks, arrivals}, config);
  if (!opened.ok()) return opened.TakeError();
  store = opened.Take();
  stager = store->NewStager();
  return {};
}

void StoreWorld::Drop() {
  stager.reset();
  store.reset();
}

void StoreWorld::CrashAndOpen() {
  disk.Crash();
  Drop();
  worker.RunReady();
  disk.Restart();
  const Status opened = Open();
  ASSERT_TRUE(opened.ok()) << opened.ToString();
}

Status StoreWorld::Close() {
  Status closed = store->Close();
  Drop();
  worker.RunReady();
  return closed;
}

std::size_t StoreWorld::Send(const std::string& topic, std::int32_t queue_id,
                             std::size_t body_bytes) {
  return SendMany(topic, queue_id, 1, body_bytes).front();
}

std::vector<std::size_t> StoreWorld::SendMany(const std::string& topic, std::int32_t queue_id,
                                              int count, std::size_t body_bytes) {
  const auto slot = static_cast<std::uint32_t>(sent.size());
  std::vector<std::size_t> numbers;
  std::vector<std::string> properties;
  for (int i = 0; i < count; ++i) {
    Sent message{
        topic, Concat("body ", sent.size(), ' '), Concat("key", sent.size()), queue_id, slot, i};
    message.body.resize(std::max(message.body.size(), body_bytes), '.');
    properties.push_back(Concat("KEYS\1", message.key, "\2"));
    numbers.push_back(sent.size());
    sent.push_back(std::move(message));
  }
  std::vector<wire::RecordSource> sources;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    wire::RecordSource source;
    source.topic = sent[numbers[i]].topic;
    source.body = sent[numbers[i]].body;
    source.properties = properties[i];
    source.queue_id = queue_id;
    sources.push_back(source);
  }
  QueueSlot& queue = *store->queues().FindOrCreate(topic, queue_id);
  const AckPolicy policy{.flushed = config.sync_flush()};
  const Status staged = stager->StageBatch(sources, queue, {0, slot, 0}, policy);
  if (staged.ok()) stager->Submit();
  return numbers;
}

void StoreWorld::Pump() {
  for (bool busy = true; busy;) {
    busy = store->appender().Step();
    busy |= store->flusher().Step();
    busy |= store->dispatcher().Step();
    busy |= worker.Step();
  }
}

const Ack* StoreWorld::AckOf(std::size_t number) const {
  const auto it = acks.by_slot.find(sent[number].slot);
  return it == acks.by_slot.end() ? nullptr : &it->second;
}

bool StoreWorld::Acked(std::size_t number) const {
  const Ack* ack = AckOf(number);
  return ack != nullptr && ack->outcome == AppendOutcome::kOk;
}

void StoreWorld::CheckEverything() {
  CheckLog();
  CheckQueues();
  CheckKeys();
  if (!config.sync_flush()) return;
  CheckAcked();
  CheckSeen();
}

void StoreWorld::See() {
  if (disk.crashed()) return;
  store->queues().ForEach([&](QueueSlot& slot) {
    seen_[{std::string(slot.topic()), slot.id()}] = Bodies(std::string(slot.topic()), slot.id());
  });
}

// Under an offset that a consumer has read there is still the same message.
void StoreWorld::CheckSeen() {
  for (const auto& [queue, bodies] : seen_) {
    const auto now = Bodies(queue.first, queue.second);
    ASSERT_GE(now.size(), bodies.size());
    for (std::size_t i = 0; i < bodies.size(); ++i) EXPECT_EQ(now[i], bodies[i]);
  }
}

// Nothing in the log that was not sent, nothing twice.
void StoreWorld::CheckLog() {
  in_log_.clear();
  std::set<std::size_t> seen;
  LogScanner scanner(store->log(), store->log().begin(), store->log().end(),
                     {.check_crc = true, .known = &store->log().damaged()});
  WallMs last_ms = 0;
  while (const auto record = scanner.Next()) {
    const auto it = std::find_if(sent.begin(), sent.end(),
                                 [&](const Sent& one) { return one.body == record->body; });
    ASSERT_NE(it, sent.end()) << "nobody sent " << record->body;
    ASSERT_EQ(it->topic, record->topic);
    ASSERT_EQ(it->queue_id, record->queue_id);
    const auto number = static_cast<std::size_t>(it - sent.begin());
    ASSERT_TRUE(seen.insert(number).second) << "twice: " << record->body;
    ASSERT_GE(record->store_ms, last_ms);
    last_ms = record->store_ms;
    in_log_[record->log_offset] = number;
  }
  ASSERT_TRUE(scanner.damaged().empty()) << "damage that recovery did not note";
  ASSERT_EQ(scanner.position(), store->log().end());
}

// Each queue holds exactly its records of the log, each under its own offset.
void StoreWorld::CheckQueues() {
  std::map<std::pair<std::string, std::int32_t>, std::map<std::int64_t, std::int64_t>> expected;
  LogScanner scanner(store->log(), store->log().begin(), store->log().end(),
                     {.check_crc = false, .known = &store->log().damaged()});
  while (const auto record = scanner.Next()) {
    auto& queue = expected[{std::string(record->topic), record->queue_id}];
    ASSERT_TRUE(queue.emplace(record->queue_offset, record->log_offset).second)
        << "two messages under offset " << record->queue_offset;
  }
  const bool damaged = !store->log().damaged().all().empty();
  store->queues().ForEach([&](QueueSlot& slot) {
    const auto& records = expected[{std::string(slot.topic()), slot.id()}];
    const ConsumeQueue& queue = slot.queue();
    const auto least = records.empty() ? 0 : records.rbegin()->first + 1;
    EXPECT_LE(least, queue.end());
    EXPECT_EQ(slot.next_offset, queue.end());
    for (auto i = queue.begin(); i < queue.end(); ++i) {
      QueueEntry entry;
      const auto got = queue.Get(i, std::span(&entry, 1));
      ASSERT_TRUE(got.ok() && *got == 1)
          << slot.topic() << ' ' << slot.id() << " has a hole at " << i;
      const auto it = records.find(i);
      if (it == records.end()) {
        EXPECT_TRUE(damaged) << slot.topic() << ' ' << slot.id()
                             << ": an entry without a record at " << i;
      } else {
        EXPECT_EQ(entry.log_offset, it->second);
      }
    }
    expected.erase({std::string(slot.topic()), slot.id()});
  });
  for (const auto& [name, records] : expected)
    EXPECT_TRUE(records.empty()) << name.first << " has no queue";
}

void StoreWorld::CheckKeys() {
  for (const auto& [log_offset, number] : in_log_) {
    const auto found = store->index()->Find(sent[number].topic, sent[number].key, 0, INT64_MAX, 64);
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(std::count(found->log_offsets.begin(), found->log_offsets.end(), log_offset), 1)
        << sent[number].key << " at " << log_offset;
  }
}

// What a producer was told is on disk is there, where it was told: each message of a batch.
void StoreWorld::CheckAcked() {
  for (std::size_t number = 0; number < sent.size(); ++number) {
    if (Acked(number)) CheckAcked(number, *AckOf(number));
    if (testing::Test::HasFatalFailure()) return;
  }
}

void StoreWorld::CheckAcked(std::size_t number, const Ack& ack) {
  const QueueSlot* slot = store->queues().Find(sent[number].topic, sent[number].queue_id);
  ASSERT_NE(slot, nullptr);
  QueueEntry entry;
  const auto got = slot->queue().Get(ack.queue_offset + sent[number].place, std::span(&entry, 1));
  ASSERT_TRUE(got.ok() && *got == 1) << "lost: " << sent[number].body;
  const auto it = in_log_.find(entry.log_offset);
  ASSERT_TRUE(it != in_log_.end() && it->second == number) << "lost: " << sent[number].body;
  if (sent[number].place == 0) {
    EXPECT_EQ(entry.log_offset, ack.log_offset);
  } else {
    EXPECT_GT(entry.log_offset, ack.log_offset);
  }
}

std::vector<std::string> StoreWorld::Bodies(const std::string& topic, std::int32_t queue_id) {
  std::vector<std::string> bodies;
  const QueueSlot* slot = store->queues().Find(topic, queue_id);
  if (slot == nullptr) return bodies;
  for (auto i = slot->queue().begin(); i < slot->queue().end(); ++i) {
    QueueEntry entry;
    const auto got = slot->queue().Get(i, std::span(&entry, 1));
    std::string body = "?";
    if (got.ok() && *got == 1 && !entry.filler()) {
      const auto range =
          store->log().Read(entry.log_offset, static_cast<std::uint32_t>(entry.size));
      if (range.ok())
        body = std::string(
            wire::ReadRecord(range->bytes, {.body_crc = true, .log_offset = {}}).record.body);
    }
    bodies.push_back(body);
  }
  return bodies;
}

}  // namespace comet::store
