#include "test/broker/delay/delay_world.h"

#include <algorithm>

#include "remoting/base/text.h"
#include "remoting/wire/record_reader.h"

namespace comet::broker {

DelayWorld::DelayWorld(store::FlushDiskType flush, std::uint64_t seed) : disk(clock, seed) {
  config.root = "store";
  config.segment_bytes = 4096;
  config.queue_file_bytes = 2000;
  config.index = false;
  config.flush = flush;
  config.delay_levels = "1s 10s 1h";
}

void DelayWorld::Open() {
  auto opened = store::Store::Open({fs, clock, worker, acks_, arrivals_}, config);
  ASSERT_TRUE(opened.ok()) << opened.error().ToString();
  store = opened.Take();
  auto meta_opened = store::meta::MetaStore::Open({.directory = directory_ / "meta"});
  ASSERT_TRUE(meta_opened.ok()) << meta_opened.error().ToString();
  meta = meta_opened.Take();
  levels_ = store::DelayTable::Parse(config.delay_levels).Take();
  topics = std::make_unique<TopicTable>(clock, *meta);
  ASSERT_EQ(topics->Load().ToString(), "OK");
  BrokerConfig broker;
  broker.name = "broker-a";
  ASSERT_EQ(topics->CreateSystemTopics(broker, levels_->levels()).ToString(), "OK");
  wire::TopicConfig orders;
  orders.name = "orders";
  orders.read_queues = orders.write_queues = 4;
  ASSERT_EQ(topics->Put(orders).ToString(), "OK");
  const auto wake = [this] {
    executor.Post([this] {
      if (step != nullptr) next = step->Step();
    });
  };
  step = std::make_unique<DelayStep>(DelayStep::Parts{clock, executor, *store, store->reader(),
                                                      *topics, *levels_, *meta, live_, /*place=*/0,
                                                      wake});
  ASSERT_EQ(step->Load().ToString(), "OK");
}

void DelayWorld::Drop() {
  step.reset();
  next.reset();
  executor.RunReady();
  topics.reset();
  meta.reset();
  store.reset();
  worker.RunReady();
}

void DelayWorld::CrashAndOpen() {
  disk.Crash();
  Drop();
  disk.Restart();
  Open();
}

void DelayWorld::Append(const std::string& topic, std::int32_t queue_id, const std::string& body,
                        const std::string& properties) {
  wire::RecordSource source;
  source.topic = topic;
  source.queue_id = queue_id;
  source.body = body;
  source.properties = properties;
  auto outcome = store::AppendOutcome::kRefused;
  const auto status = store->Append(source, *store->queues().FindOrCreate(topic, queue_id),
                                    {.flushed = config.sync_flush()},
                                    [&](const store::Ack& ack) { outcome = ack.outcome; });
  ASSERT_EQ(status.ToString(), "OK");
  Pump();
  ASSERT_EQ(outcome, store::AppendOutcome::kOk);
}

void DelayWorld::Delay(int level, const std::string& body, const std::string& queue_id,
                       const std::string& topic) {
  Append(std::string(store::kDelayTopic), level - 1, body,
         Concat("DELAY\1", level, "\2REAL_TOPIC\1", topic, "\2REAL_QID\1", queue_id, "\2"));
}

void DelayWorld::Put(const std::string& body) {
  Append("orders", 0, body, "");
}

void DelayWorld::Pass(std::int64_t ms) {
  clock.Advance(std::chrono::milliseconds(ms));
  next = step->Step();
  Pump();
}

// A level whose queue is empty hears of arrivals, others come again when they said.
void DelayWorld::Live(std::int64_t ms) {
  const auto end = clock.Now() + std::chrono::milliseconds(ms);
  if (!next) Pass(0);
  while (clock.Now() < end) {
    clock.Advance(std::min(next.value_or(Duration::max()), Duration(end - clock.Now())));
    Pass(0);
  }
}

void DelayWorld::Pump() {
  for (bool busy = true; busy;) {
    busy = store->appender().Step();
    busy |= store->flusher().Step();
    busy |= store->dispatcher().Step();
    busy |= worker.Step();
    busy |= executor.Step();
  }
}

void DelayWorld::Flush() {
  store->flusher().Request();
  Pump();
  ASSERT_EQ(store->log().flushed(), store->log().end());
}

void DelayWorld::Persist() {
  ASSERT_EQ(step->Persist().ToString(), "OK");
}

std::int64_t DelayWorld::Remembered(int level) {
  const auto offsets = meta->DelayLevelOffsets().Take();
  const auto known = offsets.find(level);
  return known == offsets.end() ? 0 : known->second;
}

std::vector<std::string> DelayWorld::Delivered(std::int32_t queue_id, const std::string& topic) {
  std::vector<std::string> bodies;
  const auto* slot = store->queues().Find(topic, queue_id);
  if (slot == nullptr) return bodies;
  for (auto i = slot->queue().begin(); i < slot->queue().end(); ++i) {
    store::QueueEntry entry;
    const auto got = slot->queue().Get(i, {&entry, 1});
    EXPECT_TRUE(got.ok() && *got == 1);
    const auto range = store->reader().Record(entry.log_offset);
    bodies.emplace_back(range.ok() ? wire::ReadRecord(range->bytes).record.body : "?");
  }
  return bodies;
}

}  // namespace comet::broker
