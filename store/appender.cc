#include "store/appender.h"

#include <algorithm>
#include <utility>

#include "remoting/base/check.h"
#include "remoting/base/log.h"
#include "remoting/wire/record_writer.h"
#include "store/queue_slot.h"
#include "store/store_metrics.h"

namespace comet::store {
namespace {

// Entries, about 100 bytes each. The dispatcher falls this far behind only when its disk fails.
constexpr std::size_t kDispatchBacklogMax = 1'000'000;

}  // namespace

struct Appender::Cursor {
  std::size_t unit = 0, record = 0;
  std::uint32_t position = 0;  // in the slab
};

struct Appender::Run {
  StagedBatch* batch;
  Cursor from;
  std::size_t units = 0, records = 0;
  std::uint32_t bytes = 0;
  std::int64_t log_offset = 0;

  std::span<StagedRecord> Records() const {
    return std::span(batch->records).subspan(from.record, records);
  }
  std::span<StagedUnit> Units() const { return std::span(batch->units).subspan(from.unit, units); }
  char* Bytes() const { return batch->slab->data() + from.position; }
};

struct Appender::Verdict {
  AppendOutcome outcome = AppendOutcome::kOk;
  Refusal refusal = Refusal::kNone;

  bool ok() const { return outcome == AppendOutcome::kOk; }
};

Appender::Appender(Parts parts, const StoreConfig& config) : p_(parts), config_(config) {}

void Appender::StartAfter(WallMs store_ms) {
  last_store_ms_ = store_ms;
  written_ms_.store(store_ms, std::memory_order_release);
}

Refusal Appender::refusal() const {
  const Refusal shut = p_.gate.refusal();
  if (shut != Refusal::kNone) return shut;
  const bool busy = waiting_bytes_.load(std::memory_order_relaxed) >= config_.append_queue_bytes ||
                    p_.dispatch.backlog() >= kDispatchBacklogMax;
  return busy ? Refusal::kBusy : Refusal::kNone;
}

void Appender::Submit(StagedBatch batch) {
  if (batch.empty()) return;
  const Refusal refused = refusal();
  if (refused != Refusal::kNone) {
    Answer(batch, 0, batch.units.size(), {AppendOutcome::kRefused, refused});
    return;
  }
  waiting_bytes_.fetch_add(batch.bytes(), std::memory_order_relaxed);
  {
    MutexLock lock(mutex_);
    waiting_.push_back(std::move(batch));
    ++submitted_;
  }
  wake_();
}

void Appender::Between(Task task) {
  {
    MutexLock lock(mutex_);
    tasks_.push_back({submitted_, std::move(task)});
  }
  wake_();
}

bool Appender::Step() {
  std::vector<StagedBatch> group = TakeGroup();
  awaited_ = false;
  if (!group.empty()) {
    std::int64_t bytes = 0;
    for (const StagedBatch& batch : group) bytes += batch.bytes();
    WriteGroup(group);
    waiting_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    AskForFlush();
  }
  std::vector<DueTask> tasks = TakeTasks();
  for (DueTask& due : tasks) due.task();
  return !group.empty() || !tasks.empty();
}

std::vector<StagedBatch> Appender::TakeGroup() {
  std::vector<StagedBatch> group;
  MutexLock lock(mutex_);
  std::int64_t bytes = 0;
  while (!waiting_.empty() && bytes < config_.group_bytes) {
    if (!tasks_.empty() && tasks_.front().after == taken_) break;
    ++taken_;
    bytes += waiting_.front().bytes();
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return group;
}

std::vector<Appender::DueTask> Appender::TakeTasks() {
  std::vector<DueTask> tasks;
  MutexLock lock(mutex_);
  for (; !tasks_.empty() && tasks_.front().after <= taken_; tasks_.pop_front()) {
    tasks.push_back(std::move(tasks_.front()));
  }
  return tasks;
}

// Cuts the group where the active file ends. What was cut off is written before the file is
// closed, and the rest is only given offsets once the next file is there.
void Appender::WriteGroup(std::vector<StagedBatch>& group) {
  last_store_ms_ = std::max(p_.clock.WallNow(), last_store_ms_);
  std::vector<Run> runs;
  std::int64_t at = p_.log.end(), room = p_.log.room();
  Verdict verdict =
      p_.gate.poisoned() ? Verdict{AppendOutcome::kFailed, Refusal::kPoisoned} : Verdict{};
  for (StagedBatch& batch : group) {
    Cursor cursor;
    while (verdict.ok() && cursor.unit < batch.units.size()) {
      Run run = TakeRun(batch, cursor, room);
      if (run.units != 0) {
        run.log_offset = at;
        AssignOffsets(run);
        at += run.bytes;
        room -= run.bytes;
        runs.push_back(run);
        continue;
      }
      verdict = WriteRuns(runs);
      if (verdict.ok()) verdict = OpenNextFile();
      at = p_.log.end(), room = p_.log.room();
    }
    if (!verdict.ok()) Answer(batch, cursor.unit, batch.units.size() - cursor.unit, verdict);
  }
  WriteRuns(runs);
}

// As many units as fit into `room`, one behind the other; moves the cursor behind them.
Appender::Run Appender::TakeRun(StagedBatch& batch, Cursor& cursor, std::int64_t room) {
  Run run{&batch, cursor};
  for (; cursor.unit < batch.units.size(); ++cursor.unit) {
    const StagedUnit& unit = batch.units[cursor.unit];
    if (run.bytes + std::int64_t{unit.bytes} > room) break;
    run.bytes += unit.bytes;
    run.records += unit.records;
    ++run.units;
  }
  cursor.record += run.records;
  cursor.position += run.bytes;
  return run;
}

void Appender::AssignOffsets(const Run& run) {
  char* bytes = run.Bytes();
  std::int64_t at = run.log_offset;
  for (StagedRecord& record : run.Records()) {
    DispatchEntry& entry = record.entry;
    entry.queue_offset = entry.in_queue() ? entry.queue->TakeOffset() : 0;
    awaited_ |= entry.queue->awaited();
    entry.log_offset = at;
    entry.store_ms = last_store_ms_;
    if (record.delay_from_store) entry.tags_code += last_store_ms_;
    wire::PatchRecord(bytes, entry.queue_offset, at, last_store_ms_);
    bytes += entry.size;
    at += entry.size;
  }
  COMET_CHECK_EQ(at, run.log_offset + run.bytes);
}

Appender::Verdict Appender::WriteRuns(std::vector<Run>& runs) {
  if (runs.empty()) return {};
  std::vector<Slice> parts;
  parts.reserve(runs.size());
  for (const Run& run : runs) parts.emplace_back(run.Bytes(), run.bytes);
  Verdict verdict;
  if (const Status written = p_.log.Append(parts); written.ok()) {
    Publish(runs);
  } else {
    verdict = Poison(written);
    for (const Run& run : runs) Answer(*run.batch, run.from.unit, run.units, verdict);
  }
  runs.clear();
  return verdict;
}

Appender::Verdict Appender::OpenNextFile() {
  const Status opened = p_.log.Roll();
  if (opened.ok()) return {};
  if (opened.code() == Status::Code::kFull) return {AppendOutcome::kRefused, Refusal::kDiskFull};
  if (opened.code() == Status::Code::kUnavailable) {  // no descriptor: soon there may be one
    LOG_ERROR_LIMITED << "sends are refused: " << opened.ToString();
    return {AppendOutcome::kRefused, Refusal::kBusy};
  }
  return Poison(opened);
}

Appender::Verdict Appender::Poison(const Status& reason) {
  p_.gate.Poison(reason);
  p_.tracker.Fail();
  return {AppendOutcome::kFailed, Refusal::kPoisoned};
}

void Appender::Publish(const std::vector<Run>& runs) {
  std::int64_t records = 0, bytes = 0;
  for (const Run& run : runs) {
    records += static_cast<std::int64_t>(run.records);
    bytes += run.bytes;
  }
  p_.metrics.appended.Add(records);
  p_.metrics.bytes.Add(bytes);
  p_.metrics.groups.Add();
  written_ms_.store(last_store_ms_, std::memory_order_release);
  Track(runs);  // before Offer takes the entries away
  Offer(runs);
}

// Groups of equal policy, in log order; most of the time there is one.
void Appender::Track(const std::vector<Run>& runs) {
  const auto now = p_.clock.Now();
  const auto deadline = now + std::chrono::milliseconds(config_.sync_flush_timeout_ms);
  const auto replica_deadline = now + std::chrono::milliseconds(config_.replica_timeout_ms);
  const auto end = p_.log.end();
  std::vector<CommitTracker::Group> groups;
  std::size_t units = 0;
  for (const Run& run : runs) units += run.units;
  for (const Run& run : runs) {
    const StagedRecord* record = run.Records().data();
    for (const StagedUnit& unit : run.Units()) {
      auto group = std::find_if(groups.begin(), groups.end(),
                                [&](const auto& known) { return known.policy == unit.policy; });
      if (group == groups.end()) {
        group = groups.insert(group, {end, unit.policy, deadline, replica_deadline, {}});
        group->acks.reserve(units);
      }
      group->acks.push_back({unit.ticket, AppendOutcome::kOk, Refusal::kNone,
                             record->entry.queue_offset, record->entry.log_offset});
      flush_wanted_ |= unit.policy.flushed;
      record += unit.records;
    }
  }
  for (auto& group : groups) p_.tracker.Add(std::move(group));
}

void Appender::Offer(const std::vector<Run>& runs) {
  std::size_t count = 0;
  for (const Run& run : runs) count += run.records;
  std::vector<DispatchEntry> entries;
  entries.reserve(count);
  for (const Run& run : runs) {
    for (StagedRecord& record : run.Records()) entries.push_back(std::move(record.entry));
  }
  p_.dispatch.Offer(std::move(entries));
}

void Appender::Answer(const StagedBatch& batch, std::size_t first, std::size_t count,
                      Verdict verdict) {
  std::vector<Ack> acks;
  acks.reserve(count);
  std::int64_t records = 0;
  for (const StagedUnit& unit : std::span(batch.units).subspan(first, count)) {
    acks.push_back({unit.ticket, verdict.outcome, verdict.refusal, -1, -1});
    records += unit.records;
  }
  const bool refused = verdict.outcome == AppendOutcome::kRefused;
  (refused ? p_.metrics.refused : p_.metrics.failed).Add(records);
  DeliverAcks(p_.sink, std::move(acks));
}

void Appender::AskForFlush() {
  const bool much = p_.log.end() - p_.log.flushed() >= config_.flush_bytes;
  if (flush_wanted_ || much || config_.sync_flush()) p_.flusher.Request();
  flush_wanted_ = false;
}

}  // namespace comet::store
