#include "test/store/store_world.h"

#include <algorithm>
#include <chrono>

#include "remoting/base/text.h"
#include "store/delay_table.h"
#include "store/dispatch_facts.h"
#include "store/key_hashes.h"
#include "store/log_scanner.h"
#include "store/lost_record.h"
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
  unwritten |= store->recovery().unwritten_bytes > 0;
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
    if (topic == kDelayTopic) properties.back() += Concat("DELAY\1", queue_id + 1, "\2");
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
  const AckPolicy asked = policy.value_or(AckPolicy{.flushed = config.sync_flush()});
  const Status staged = stager->StageBatch(sources, queue, {0, slot, 0}, asked);
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

void StoreWorld::Tick() {
  clock.Advance(std::chrono::milliseconds(1100));
  store->upkeep().Tick();
  deleted_to_ = std::max(deleted_to_, store->log().begin());
  Pump();
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
    const std::pair name(std::string(slot.topic()), slot.id());
    seen_[name].merge(BodiesByOffset(name.first, name.second));
  });
}

// Under an offset that a consumer has read there is still the same message, unless it has expired.
void StoreWorld::CheckSeen() {
  for (const auto& [queue, bodies] : seen_) {
    const QueueSlot* slot = store->queues().Find(queue.first, queue.second);
    if (bodies.empty()) continue;
    ASSERT_NE(slot, nullptr);
    const auto now = BodiesByOffset(queue.first, queue.second);
    for (const auto& [offset, body] : bodies) {
      if (offset < slot->queue().begin()) continue;  // CheckQueues knows why
      const auto it = now.find(offset);
      ASSERT_NE(it, now.end()) << queue.first << ' ' << queue.second << " has lost " << offset;
      EXPECT_EQ(it->second, body);
    }
  }
}

// Nothing in the log that was not sent, nothing twice; and nothing gone from its beginning.
void StoreWorld::CheckLog() {
  ASSERT_LE(store->log().begin(), deleted_to_);
  in_log_.clear();
  std::set<std::size_t> seen;
  LogScanner scanner(store->log(), store->log().begin(), store->log().end(),
                     {.check_crc = true, .known = &store->log().damaged()});
  WallMs last_ms = 0;
  while (const auto record = scanner.Next()) {
    if (IsLostRecord(*record)) continue;
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

// Each queue holds exactly its records of the log, from the least one on, each under its own
// offset.
void StoreWorld::CheckQueues() {
  std::map<std::pair<std::string, std::int32_t>, Records> expected;
  const auto delays = DelayTable::Parse(config.delay_levels);
  ASSERT_TRUE(delays.ok());
  LogScanner scanner(store->log(), store->log().begin(), store->log().end(),
                     {.check_crc = false, .known = &store->log().damaged()});
  while (const auto record = scanner.Next()) {
    if (IsLostRecord(*record)) continue;
    const auto tags =
        DispatchFactsOf(record->topic, record->sys_flag, record->properties, *delays).tags;
    const QueueEntry entry{record->log_offset, static_cast<std::int32_t>(record->bytes),
                           tags.code + (tags.delay_from_store ? record->store_ms : 0)};
    auto& queue = expected[{std::string(record->topic), record->queue_id}];
    ASSERT_TRUE(queue.emplace(record->queue_offset, entry).second)
        << "two messages under offset " << record->queue_offset;
  }
  store->queues().ForEach([&](QueueSlot& slot) {
    CheckQueue(slot, expected[{std::string(slot.topic()), slot.id()}]);
    expected.erase({std::string(slot.topic()), slot.id()});
  });
  for (const auto& [name, records] : expected)
    EXPECT_TRUE(records.empty()) << name.first << " has no queue";
}

void StoreWorld::CheckQueue(const QueueSlot& slot, const Records& records) {
  SCOPED_TRACE(Concat(slot.topic(), ' ', slot.id()));
  const ConsumeQueue& queue = slot.queue();
  const bool damaged = !store->log().damaged().all().empty() || unwritten;
  EXPECT_EQ(slot.next_offset, queue.end());
  const auto least = records.empty() ? queue.end() : records.begin()->first;
  // A record that is damaged may have been the least one.
  if (damaged) {
    EXPECT_LE(queue.begin(), least);
  } else {
    EXPECT_EQ(queue.begin(), least);
  }
  const auto behind = records.empty() ? 0 : records.rbegin()->first + 1;
  EXPECT_LE(behind, queue.end());
  for (auto i = queue.begin(); i < queue.end(); ++i) {
    QueueEntry entry;
    const auto got = queue.Get(i, std::span(&entry, 1));
    ASSERT_TRUE(got.ok() && *got == 1) << "a hole at " << i;
    const auto it = records.find(i);
    if (it == records.end()) {
      const auto at = entry.log_offset;
      EXPECT_TRUE(damaged && (entry.filler() || store->log().damaged().Find(at, at + 1) != nullptr))
          << "an entry without a record at " << i << ": log offset " << at << ", " << entry.size
          << " bytes; the log begins at " << store->log().begin();
      continue;
    }
    EXPECT_EQ(entry.log_offset, it->second.log_offset);
    EXPECT_EQ(entry.size, it->second.size);
    EXPECT_EQ(entry.tags_code, it->second.tags_code);
  }
}

// The index finds every record of the log by its key, once; and for whatever was ever sent nothing
// but records of the log that have this key.
void StoreWorld::CheckKeys() {
  for (std::size_t number = 0; number < sent.size(); ++number) {
    const Sent& one = sent[number];
    const auto found = store->index()->Find(one.topic, one.key, 0, INT64_MAX, 64);
    ASSERT_TRUE(found.ok());
    std::set<std::int64_t> offsets;
    for (const auto log_offset : found->log_offsets) {
      EXPECT_TRUE(offsets.insert(log_offset).second) << one.key << " twice at " << log_offset;
      CheckFound(one, log_offset);
    }
  }
  for (const auto& [log_offset, number] : in_log_) {
    const auto found = store->index()->Find(sent[number].topic, sent[number].key, 0, INT64_MAX, 64);
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(std::count(found->log_offsets.begin(), found->log_offsets.end(), log_offset), 1)
        << sent[number].key << " at " << log_offset;
  }
}

// Two keys may have one hash; a message that is damaged or has expired was indexed before.
void StoreWorld::CheckFound(const Sent& wanted, std::int64_t log_offset) {
  if (store->log().damaged().Find(log_offset, log_offset + 1) != nullptr) return;
  if (log_offset < store->log().begin()) return;
  const auto it = in_log_.find(log_offset);
  ASSERT_NE(it, in_log_.end()) << wanted.key << ": the index finds no record at " << log_offset;
  const Sent& there = sent[it->second];
  EXPECT_EQ(IndexKeyHash(wanted.topic, wanted.key), IndexKeyHash(there.topic, there.key));
}

// What a producer was told is on disk is there, where it was told: each message of a batch.
void StoreWorld::CheckAcked() {
  for (std::size_t number = 0; number < sent.size(); ++number) {
    if (Acked(number)) CheckAcked(number, *AckOf(number));
    if (testing::Test::HasFatalFailure()) return;
  }
}

void StoreWorld::CheckAcked(std::size_t number, const Ack& ack) {
  if (ack.log_offset < store->log().begin()) return;  // expired
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
  for (auto& [offset, body] : BodiesByOffset(topic, queue_id)) bodies.push_back(body);
  return bodies;
}

StoreWorld::Offsets StoreWorld::BodiesByOffset(const std::string& topic, std::int32_t queue_id) {
  Offsets bodies;
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
    bodies.emplace(i, std::move(body));
  }
  return bodies;
}

}  // namespace comet::store
