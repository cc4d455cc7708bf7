#include "broker/delay/delay_step.h"

#include <algorithm>
#include <array>
#include <utility>

#include "broker/ha/put_policy.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/names.h"
#include "remoting/wire/properties.h"

namespace comet::broker {
namespace {

// Messages of a level handed over and not yet stored. When only the second number is left, the next
// ones are handed over: a backlog comes as fast as the store takes it.
constexpr std::size_t kUnderWayMax = 256, kUnderWayLow = kUnderWayMax / 2;
constexpr std::int64_t kLooksPerDelay = 64;  // at what came to a queue meanwhile
constexpr auto kRetryDelay = std::chrono::milliseconds(100);

std::int64_t PeriodMs(std::int64_t delay_ms) {
  return std::max<std::int64_t>(kRetryDelay.count(), delay_ms / kLooksPerDelay);
}

std::optional<Duration> Earlier(std::optional<Duration> a, std::optional<Duration> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

DelayStep::DelayStep(Parts parts)
    : parts_(std::move(parts)), self_(std::make_shared<DelayStep*>(this)) {}

DelayStep::~DelayStep() {
  *self_ = nullptr;
}

Status DelayStep::Load() {
  COMET_ASSIGN(written_, parts_.meta.DelayLevelOffsets());
  const auto topic = parts_.topics.Find(store::kDelayTopic);
  if (topic == nullptr || topic->queues() < parts_.delays.levels()) {
    return {Status::Code::kCorruption,
            Concat("topic ", store::kDelayTopic, " has fewer queues than there are delay levels")};
  }
  for (int number = 1; number <= parts_.delays.levels(); ++number) {
    Level& level = levels_.emplace_back();
    level.number = number;
    level.queue = &topic->Slot(parts_.store.queues(), number - 1);
    const auto begin = level.queue->queue().begin();
    const auto known = written_.find(number);
    level.done = std::clamp(known == written_.end() ? 0 : known->second, begin,
                            std::max(begin, level.queue->queue().end()));
    level.next = level.done.load();
    level.flushing = level.stored = {level.next, 0};
  }
  // Progress beyond the queue's end was told by a master whose last messages never came here: kept,
  // it would pass over the messages that get those offsets next.
  return Persist();
}

std::optional<Duration> DelayStep::Step() {
  std::optional<Duration> next;
  for (auto& level : levels_) next = Earlier(next, StepLevel(level));
  return next;
}

std::optional<Duration> DelayStep::StepLevel(Level& level) {
  const auto now = parts_.clock.Now();
  if (now < level.not_before) return level.not_before - now;
  Retry(level);
  if (now < level.not_before) return kRetryDelay;
  const auto& queue = level.queue->queue();
  level.next = std::max(level.next, queue.begin());
  while (level.under_way.size() < kUnderWayMax) {
    store::QueueEntry entry;
    const auto looked = Look(level, level.next, &entry);
    if (looked == Looked::kLater) return Later(level);
    if (looked == Looked::kEnd) {
      // As loops do for parked pulls: ask for news, then look again.
      level.queue->SetInterest(parts_.place);
      if (queue.end() > level.next) continue;
      break;
    }
    auto handed = Handed::kPassed;
    if (looked == Looked::kEntry) {
      if (const auto wait = UntilDue(level, entry)) {
        return Earlier(wait, UntilSettled(level));
      }
      handed = Deliver(level, level.next, entry);
      if (handed == Handed::kLater) return Later(level);
    }
    if (handed == Handed::kPassed) Pass(level);
    ++level.next;
    Advance(level);
  }
  return UntilSettled(level);
}

// What is passed has no delivery to wait for. But while its own record is not on the disk, a power
// cut can take it, and then another message gets its place in the queue.
void DelayStep::Pass(Level& level) {
  level.stored.log_end = std::max(level.stored.log_end, level.queue->queue().log_end());
}

// What the store refuses after all is handed over again, and what the disk takes is progress.
std::optional<Duration> DelayStep::UntilSettled(const Level& level) {
  if (level.under_way.empty() && level.done == level.stored.index) return std::nullopt;
  return kRetryDelay;
}

Duration DelayStep::Later(Level& level) {
  level.not_before = parts_.clock.Now() + kRetryDelay;
  return kRetryDelay;
}

// Only damage is passed: any other error may end, and the message behind it is acknowledged.
DelayStep::Looked DelayStep::Look(const Level& level, std::int64_t index,
                                  store::QueueEntry* entry) {
  const auto got = level.queue->queue().Get(index, {entry, 1});
  if (got.ok()) return *got == 1 ? Looked::kEntry : Looked::kEnd;
  const bool damaged = got.error().code() == Status::Code::kCorruption;
  LOG_ERROR_LIMITED << "delay level " << level.number << ", message " << index
                    << (damaged ? " is passed: " : " waits: ") << got.error().ToString();
  return damaged ? Looked::kDamaged : Looked::kLater;
}

// For the message at `next`; nothing when it is due. A time further away than the level's delay,
// although the clock has caught up with the log, means that the level was longer once: due as well.
std::optional<Duration> DelayStep::UntilDue(Level& level, const store::QueueEntry& entry) const {
  if (entry.filler()) return std::nullopt;
  const auto wall_ms = parts_.clock.WallNow();
  if (entry.tags_code <= wall_ms) return std::nullopt;
  const auto delay_ms = parts_.delays.delay_ms(level.number);
  const auto waited_ms = WaitedMs(level, delay_ms);
  if (waited_ms >= delay_ms) return std::nullopt;
  const auto wait_ms = entry.tags_code - wall_ms;
  const auto behind_ms = parts_.store.appender().last_store_ms() - wall_ms;
  if (wait_ms > delay_ms + std::max<std::int64_t>(behind_ms, 0)) return std::nullopt;
  return std::chrono::milliseconds(std::min({wait_ms, delay_ms - waited_ms, PeriodMs(delay_ms)}));
}

// How long the message at `next` has been seen in the queue, by a clock that nobody sets. Messages
// that come shortly after each other count as seen with the last of them.
std::int64_t DelayStep::WaitedMs(Level& level, std::int64_t delay_ms) const {
  const auto now = parts_.clock.Now();
  const auto since_ms = [now](const Seen& seen) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - seen.at).count();
  };
  auto& seen = level.seen;
  while (!seen.empty() && seen.front().end <= level.next) seen.pop_front();
  const auto end = level.queue->queue().end();
  if (seen.empty() || (seen.back().end < end && since_ms(seen.back()) >= PeriodMs(delay_ms))) {
    seen.push_back({end, now});
  }
  while (seen.size() > 1 && since_ms(seen[1]) >= delay_ms) seen.pop_front();  // all are due
  return since_ms(seen.front());
}

DelayStep::Handed DelayStep::Deliver(Level& level, std::int64_t index,
                                     const store::QueueEntry& entry) {
  if (entry.filler()) return Handed::kPassed;
  const auto range = parts_.reader.Record(entry.log_offset);
  if (!range.ok() && range.error().code() == Status::Code::kIo) {
    LOG_ERROR_LIMITED << "delay level " << level.number << ", message " << index
                      << " and those behind it wait: " << range.error().message();
    return Handed::kLater;
  }
  // With the CRC: the copy that is delivered gets one of its own, which would vouch for damage.
  const wire::RecordChecks checks{.body_crc = true, .log_offset = entry.log_offset};
  const auto read = range.ok() ? wire::ReadRecord(range->bytes, checks) : wire::RecordResult{};
  if (read.state != wire::RecordState::kRecord) {
    LOG_ERROR << "delay level " << level.number << ", message " << index << " at log offset "
              << entry.log_offset << " is damaged and is passed: "
              << (range.ok() ? read.reason : range.error().message());
    return Handed::kPassed;
  }
  return Put(level, index, read.record);
}

DelayStep::Handed DelayStep::Put(Level& level, std::int64_t index, const wire::RecordView& record) {
  const auto name = wire::FindProperty(record.properties, wire::property::kRealTopic);
  const auto queue = wire::FindProperty(record.properties, wire::property::kRealQueueId);
  const auto queue_id = ParseNumber<std::int32_t>(queue.value_or(""));
  const auto topic = parts_.topics.Find(name.value_or(""));
  const bool legal = topic != nullptr || wire::CheckTopicName(name.value_or("")).ok();
  if (!legal || !queue_id || *queue_id < 0 || *queue_id >= TopicTable::kQueuesPerTopicMax ||
      *name == wire::kHalfTopic || *name == store::kDelayTopic) {
    LOG_ERROR << "delayed message at log offset " << record.log_offset << " wants queue "
              << queue.value_or("(none)") << " of topic " << name.value_or("(none)")
              << ", which cannot be: it is passed";
    return Handed::kPassed;
  }
  wire::RecordSource source;
  source.topic = *name;
  source.queue_id = *queue_id;
  source.body = record.body;
  source.properties = record.properties;
  source.flag = record.flag;
  source.sys_flag = record.sys_flag & ~wire::sys_flag::kTransactionMask;
  source.born_ms = record.born_ms;
  source.born_host = record.born_host;
  source.store_host = record.store_host;
  source.reconsume_times = record.reconsume_times;
  const auto config = parts_.config.Get();
  if (TooFewInSync(*config, parts_.store.replicas(), true)) return Handed::kLater;
  const auto policy = PutPolicy(*config, parts_.store.config(), true);
  level.under_way.push_back({index});
  const auto place = static_cast<std::size_t>(level.number - 1);
  const auto bytes = static_cast<std::int64_t>(wire::EncodedRecordBytes(source));
  // The topic may be unknown here, or have fewer queues by now; the message waits there for it.
  auto& queues = parts_.store.queues();
  const bool has_queue = topic != nullptr && *queue_id < topic->queues();
  auto& slot = has_queue ? topic->Slot(queues, *queue_id) : *queues.FindOrCreate(*name, *queue_id);
  const auto status = parts_.store.Append(
      source, slot, policy,
      [self = self_, &executor = parts_.executor, place, index, bytes](const store::Ack& ack) {
        const bool stored = ack.outcome != store::AppendOutcome::kFailed &&
                            ack.outcome != store::AppendOutcome::kRefused;
        executor.Post([self, place, index, log_end = stored ? ack.log_offset + bytes : 0] {
          if (*self != nullptr) (*self)->OnStored(place, index, log_end);
        });
      });
  if (status.ok()) return Handed::kYes;
  level.under_way.pop_back();
  if (status.code() != Status::Code::kInvalid) return Handed::kLater;
  LOG_ERROR << "delayed message at log offset " << record.log_offset
            << " cannot be stored and is passed: " << status.ToString();
  return Handed::kPassed;
}

void DelayStep::OnStored(std::size_t place, std::int64_t index, std::int64_t log_end) {
  Level& level = levels_[place];
  const auto found = std::find_if(level.under_way.begin(), level.under_way.end(),
                                  [&](const Delivery& entry) { return entry.index == index; });
  if (found == level.under_way.end()) return;
  found->log_end = log_end;
  found->failed = log_end == 0;
  if (found->failed) Later(level);
  const auto before = level.under_way.size();
  Advance(level);
  if (before > kUnderWayLow && level.under_way.size() <= kUnderWayLow) parts_.wake();
}

// The log may be written and not yet flushed. One mark waits for that at a time, and then the
// newest takes its place, so it does not matter how many messages lie between them.
void DelayStep::Advance(Level& level) {
  auto& under_way = level.under_way;
  for (; !under_way.empty() && under_way.front().log_end != 0; under_way.pop_front()) {
    level.stored.log_end = std::max(level.stored.log_end, under_way.front().log_end);
  }
  level.stored.index = under_way.empty() ? level.next : under_way.front().index;
  const auto flushed = parts_.store.log().flushed();
  if (flushed < level.flushing.log_end) return;
  level.done = level.flushing.index;
  level.flushing = level.stored;
  if (flushed >= level.flushing.log_end) level.done = level.flushing.index;
}

// Hands those over again that the store has refused after it had taken them.
void DelayStep::Retry(Level& level) {
  std::vector<std::int64_t> failed;
  std::erase_if(level.under_way, [&](const Delivery& entry) {
    if (entry.failed) failed.push_back(entry.index);
    return entry.failed;
  });
  bool later = false;
  for (const auto index : failed) {
    const auto handed = later ? Handed::kLater : HandOverAgain(level, index);
    if (handed == Handed::kPassed) Pass(level);
    later = handed == Handed::kLater;
    if (later) level.under_way.push_back({index, 0, true});
  }
  if (later) Later(level);
  std::sort(level.under_way.begin(), level.under_way.end(),
            [](const Delivery& a, const Delivery& b) { return a.index < b.index; });
  Advance(level);
}

DelayStep::Handed DelayStep::HandOverAgain(Level& level, std::int64_t index) {
  if (index < level.queue->queue().begin()) return Handed::kPassed;
  store::QueueEntry entry;
  const auto looked = Look(level, index, &entry);
  if (looked == Looked::kLater) return Handed::kLater;
  return looked == Looked::kEntry ? Deliver(level, index, entry) : Handed::kPassed;
}

std::int64_t DelayStep::progress(int level) const {
  return levels_[static_cast<std::size_t>(level - 1)].done;
}

Status DelayStep::Persist() {
  store::meta::DelayOffsets now;
  for (auto& level : levels_) {
    Advance(level);
    if (level.done > 0 || written_.contains(level.number)) now[level.number] = level.done;
  }
  if (now == written_) return {};
  COMET_ASSIGN(auto version, parts_.meta.Version(store::meta::Table::kDelayOffsets));
  version.timestamp_ms = parts_.clock.WallNow();
  ++version.counter;
  COMET_TRY(parts_.meta.PutDelayLevelOffsets(now, version));
  written_ = std::move(now);
  return {};
}

}  // namespace comet::broker
