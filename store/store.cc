#include "store/store.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "store/checkpoint.h"
#include "store/delay_table.h"
#include "store/layout.h"
#include "store/log_scanner.h"
#include "store/segment_allocator.h"
#include "store/upkeep.h"

namespace comet::store {
namespace {

constexpr std::size_t kReplayEntries = 8192;

QueueTableOptions QueueOptions(const StoreConfig& config, const Marks& marks, bool clean) {
  QueueTableOptions options;
  options.directory = PathIn(config.root, kQueuesName);
  options.file_bytes = config.queue_file_bytes;
  options.after_crash = !clean;
  if (marks.exact) options.trusted_to = marks.dispatched;
  return options;
}

KeyIndexOptions IndexOptions(const StoreConfig& config, bool clean) {
  KeyIndexOptions options;
  options.directory = PathIn(config.root, kIndexName);
  options.slots = config.index_slots;
  options.entries = config.index_entries;
  options.after_crash = !clean;
  return options;
}

RetentionOptions RetentionOptionsOf(const StoreConfig& config) {
  RetentionOptions options;
  options.delete_when = config.delete_when;
  options.reserved_hours = config.reserved_hours;
  options.clean_percent = config.clean_percent;
  options.clean_at_once_percent = config.clean_at_once_percent;
  options.refuse_percent = config.disk_full_percent;
  options.delete_unexpired = config.delete_unexpired;
  options.files_per_round = config.delete_files_max;
  options.paths = {config.commit_log_path(), config.root};
  return options;
}

}  // namespace

// In the order in which they are opened; each may use those above it.
struct Store::Parts {
  Parts(Seams outside, StoreConfig settings)
      : seams(outside),
        config(std::move(settings)),
        allocator(seams.fs, seams.worker, gate, config),
        lane(seams.acks),
        tracker(lane) {}

  Status Open(ReaderOptions reading);
  Status OpenLog();
  Marks TrueMarks() const;
  Status CorrectMarks();
  bool EndIsLost() const;
  Status MarkDispatched(std::int64_t offset);
  Status OpenIndexes();
  Status Replay();
  std::int64_t TrustedEnd() const;
  std::int64_t ReplayStart() const;
  Status OfferFrom(std::int64_t from);
  void OpenWriting(ReaderOptions reading);
  Status Close();
  std::string Path(std::string_view name) const { return PathIn(config.root, name); }

  const Seams seams;
  const StoreConfig config;
  StoreMetrics metrics;
  WriteGate gate{metrics.poisoned};
  SegmentAllocator allocator;
  std::optional<DelayTable> delays;
  std::unique_ptr<FileLock> lock;
  std::unique_ptr<Checkpoint> checkpoint;
  Marks found;         // as the last life has left them, and true of the log
  bool clean = false;  // the last stop was orderly
  bool open = false;
  std::unique_ptr<CommitLog> log;
  RecoveryReport recovered;
  std::unique_ptr<QueueTable> queues;
  std::unique_ptr<KeyIndex> index;
  std::optional<std::int64_t> index_whole_to;  // when files of it are missing or damaged
  std::unique_ptr<Dispatcher> dispatcher;
  InternalLane lane;
  CommitTracker tracker;
  std::unique_ptr<Flusher> flusher;
  std::unique_ptr<Appender> appender;
  std::unique_ptr<Reader> reader;
  std::unique_ptr<ReplicaSet> replicas;
  std::unique_ptr<Follower> follower;
  std::unique_ptr<Retention> retention;
  std::unique_ptr<Upkeep> upkeep;
};

Status Store::Parts::Open(ReaderOptions reading) {
  COMET_TRY(config.Check());
  COMET_ASSIGN(delays, DelayTable::Parse(config.delay_levels));
  COMET_TRY(seams.fs.MakeDirectories(config.root));
  COMET_ASSIGN(lock, seams.fs.Lock(Path(kLockName)));
  COMET_TRY(OpenLog());
  COMET_TRY(OpenIndexes());
  COMET_TRY(Replay());
  OpenWriting(reading);
  open = true;
  return {};
}

Status Store::Parts::OpenLog() {
  COMET_ASSIGN(const bool aborted, seams.fs.Exists(Path(kAbortName)));
  clean = !aborted;
  COMET_ASSIGN(checkpoint, Checkpoint::Open(seams.fs, Path(kCheckpointName)));
  COMET_ASSIGN(log, CommitLog::Open(seams.fs, config, allocator));
  COMET_ASSIGN(recovered, Recovery(seams.fs, *log, config).Run(checkpoint->marks(), clean));
  for (const Damage& damage : log->damaged().all()) metrics.damaged.Add(damage.bytes);
  found = TrueMarks();
  // From here on a start that does not end well is a crash.
  return WriteFileAtomically(seams.fs, Path(kAbortName), Concat(::getpid()));
}

Marks Store::Parts::TrueMarks() const {
  Marks marks = checkpoint->marks();
  if (marks.exact) {
    marks.flushed = std::min(marks.flushed, log->end());
    marks.dispatched = std::min(marks.dispatched, log->end());
  }
  return marks;
}

// Marks behind the log's end (after a loss that was accepted) would be taken for the truth once the
// log has grown over them. Until the lost offsets are kept they alone tell of the loss. And from
// now on the log is what this broker's role makes it.
Status Store::Parts::CorrectMarks() {
  Marks marks = TrueMarks();
  // The first marks of a new store: if the next are torn, these tell that there are no better ones.
  marks.exact |= marks == Marks{} && log->end() == 0;
  if (marks.exact) marks.replica = config.replica;
  return marks == checkpoint->marks() ? Status() : checkpoint->Write(marks);
}

// Whether offsets were given that the log no longer tells of. Of a start that accepted the loss and
// was killed there may be the damage it noted, and no more.
bool Store::Parts::EndIsLost() const {
  const std::vector<Damage>& damaged = log->damaged().all();
  return recovered.lost_bytes > 0 || (!damaged.empty() && damaged.back().end() == log->end());
}

// What this start makes again counts as missing until the next checkpoint: a power cut before that
// may take it back, and the start after that one must look for it again.
Status Store::Parts::MarkDispatched(std::int64_t offset) {
  Marks marks = checkpoint->marks();
  if (!marks.exact || marks.dispatched == offset) return {};
  marks.dispatched = offset;
  return checkpoint->Write(marks);
}

Status Store::Parts::OpenIndexes() {
  QueueTableOptions options = QueueOptions(config, found, clean);
  options.before_repair = [this] {
    return MarkDispatched(log->begin());
  };
  COMET_ASSIGN(queues, QueueTable::Open(seams.fs, std::move(options)));
  COMET_TRY(queues->TruncateAfter(log->end(), EndIsLost()));
  COMET_TRY(CorrectMarks());
  COMET_TRY(queues->ForgetAfter(TrustedEnd()));
  if (config.index) {
    COMET_ASSIGN(index, KeyIndex::Open(seams.fs, seams.clock, IndexOptions(config, clean)));
    if (index->damaged_files() > 0 || index->indexed_to_ms() < found.index_store_ms) {
      index_whole_to = std::max(index->indexed_to(), log->begin());
    }
    COMET_TRY(index->TruncateAfter(TrustedEnd()));
  }
  Dispatcher::Options dispatching{.limit = [this] {
    return log->visible();
  }};
  dispatcher = std::make_unique<Dispatcher>(std::move(dispatching), index.get(), seams.arrivals);
  return {};
}

// Up to where queues and index may be believed. After a crash what was indexed behind the marks may
// be in the page cache only, or lost to a failed sync: it is made again, and so written again.
// RocketMQ's own files are left as they are, for they follow its rules, not ours.
std::int64_t Store::Parts::TrustedEnd() const {
  if (clean || (!found.exact && found.log_store_ms != 0)) return log->end();
  return std::min(found.dispatched, log->end());
}

// From where on records must be indexed (again): behind what the marks say, or earlier when files
// of queues or index are missing or damaged. Indexing twice does no harm.
std::int64_t Store::Parts::ReplayStart() const {
  const QueuesOnDisk& on_disk = queues->on_disk();
  std::int64_t from = recovered.scanned_from;
  if (found.exact) from = found.dispatched;
  if (!found.exact && clean) from = on_disk.log_end;
  if (on_disk.queues == 0) from = log->begin();
  if (on_disk.rebuild_from >= 0) from = std::min(from, on_disk.rebuild_from);
  if (index_whole_to) from = std::min(from, *index_whole_to);
  return std::clamp(from, log->begin(), log->end());
}

Status Store::Parts::Replay() {
  const auto from = ReplayStart();
  COMET_TRY(MarkDispatched(from));
  COMET_TRY(OfferFrom(from));
  dispatcher->SetDispatched(log->end());
  COMET_TRY(queues->DropBefore(log->begin()));  // what retention did before is in the log only
  queues->InitNextOffsets();
  return {};
}

Status Store::Parts::OfferFrom(std::int64_t from) {
  LogScanner scanner(*log, from, log->end(), {.check_crc = false, .known = &log->damaged()});
  std::vector<DispatchEntry> entries;
  for (bool more = true; more;) {
    const auto record = scanner.Next();
    more = record.has_value();
    if (more) {
      auto entry = EntryOf(*record, *queues, *delays);
      if (entry.ok()) entries.push_back(entry.Take());
      if (!entry.ok()) LOG_ERROR << "not in any queue: " << entry.error().message();
    }
    if (entries.size() < kReplayEntries && more) continue;
    // Queues must not get what is behind a record that may be back at the next start.
    if (!config.accept_loss) COMET_TRY(log->CheckTouched());
    dispatcher->Offer(std::exchange(entries, {}));
    COMET_TRY(dispatcher->Drain());
  }
  return {};
}

void Store::Parts::OpenWriting(ReaderOptions reading) {
  tracker.OnFlushed(log->flushed());
  flusher = std::make_unique<Flusher>(*log, tracker, gate, metrics);
  appender = std::make_unique<Appender>(
      Appender::Parts{seams.clock, *log, tracker, *flusher, *dispatcher, lane, gate, metrics},
      config);
  appender->StartAfter(recovered.last_store_ms);
  lane.Connect(*appender, std::make_unique<Stager>(*appender, *delays, config));
  reading.accept_loss = config.accept_loss;
  reader = std::make_unique<Reader>(*log, *queues, reading);
  retention = std::make_unique<Retention>(seams.fs, seams.clock, *log, *queues, index.get(),
                                          RetentionOptionsOf(config));
  replicas = std::make_unique<ReplicaSet>(*log, tracker, seams.clock, config.replica_gap_bytes);
  follower = std::make_unique<Follower>(Follower::Parts{*log, *appender, *flusher, *dispatcher,
                                                        *queues, *delays, gate, tracker, metrics},
                                        config);
  upkeep = std::make_unique<Upkeep>(
      Upkeep::Parts{seams.clock, *log, tracker, *replicas, *flusher, *appender, *dispatcher,
                    *queues, index.get(), allocator, *retention, *checkpoint, gate},
      config);
}

void Store::Change(const StoreConfig& config) {
  parts_->seams.worker.Post(
      [retention = parts_->retention.get(), options = RetentionOptionsOf(config)]() mutable {
        retention->Change(std::move(options));
      });
}

Status Store::Parts::Close() {
  open = false;
  gate.Close();
  while (appender->Step()) {}
  flusher->Request();
  flusher->Step();
  if (gate.poisoned()) return {Status::Code::kIo, gate.poison_reason()};
  COMET_TRY(dispatcher->Drain());
  COMET_TRY(upkeep->WriteCheckpoint(true));
  COMET_TRY(queues->SaveEnds());
  COMET_TRY(allocator.Discard());
  COMET_TRY(seams.fs.Remove(Path(kAbortName)));
  return seams.fs.SyncDirectory(config.root);
}

Store::Store(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Store::~Store() = default;

StatusOr<std::unique_ptr<Store>> Store::Open(Seams seams, StoreConfig config,
                                             ReaderOptions reading) {
  const std::string root = config.root;
  auto parts = std::make_unique<Parts>(seams, std::move(config));
  if (Status opened = parts->Open(reading); !opened.ok()) {
    return std::move(opened).Annotate(Concat("open store ", root));
  }
  return std::unique_ptr<Store>(new Store(std::move(parts)));
}

Status Store::Close() {
  return parts_->open ? parts_->Close() : Status();
}

std::unique_ptr<Stager> Store::NewStager() {
  return std::make_unique<Stager>(*parts_->appender, *parts_->delays, parts_->config);
}

Status Store::Append(const wire::RecordSource& source, QueueSlot& queue, AckPolicy policy,
                     AppendCallback done) {
  return parts_->lane.Append(source, queue, policy, std::move(done));
}

void Store::DeleteTopics(std::vector<std::string> topics,
                         std::function<bool(const std::string& topic)> in_use,
                         UniqueFunction<void(Status)> done) {
  parts_->appender->Between([parts = parts_.get(), topics = std::move(topics),
                             in_use = std::move(in_use), done = std::move(done)]() mutable {
    if (in_use) std::erase_if(topics, in_use);
    parts->queues->RestartOffsets(topics);
    parts->dispatcher->Between(
        [queues = parts->queues.get(), end = parts->log->end(), topics = std::move(topics),
         done = std::move(done)]() mutable { done(queues->DeleteTopics(topics, end)); });
  });
}

void Store::DeleteTopicsBelow(std::int64_t log_offset, std::vector<std::string> topics,
                              UniqueFunction<void(Status)> done) {
  parts_->dispatcher->Between([queues = parts_->queues.get(), log_offset,
                               topics = std::move(topics), done = std::move(done)]() mutable {
    queues->ForEach([&](const QueueSlot& slot) {
      if (slot.queue().log_end() > log_offset) std::erase(topics, slot.topic());
    });
    done(queues->DeleteTopics(topics, log_offset));
  });
}

Refusal Store::refusal() const {
  return parts_->appender->refusal();
}
const RecoveryReport& Store::recovery() const {
  return parts_->recovered;
}
const StoreConfig& Store::config() const {
  return parts_->config;
}
StoreMetrics& Store::metrics() {
  return parts_->metrics;
}
CommitLog& Store::log() {
  return *parts_->log;
}
CommitTracker& Store::tracker() {
  return parts_->tracker;
}
WriteGate& Store::gate() {
  return parts_->gate;
}
Appender& Store::appender() {
  return *parts_->appender;
}
Flusher& Store::flusher() {
  return *parts_->flusher;
}
QueueTable& Store::queues() {
  return *parts_->queues;
}
Dispatcher& Store::dispatcher() {
  return *parts_->dispatcher;
}
KeyIndex* Store::index() {
  return parts_->index.get();
}
Reader& Store::reader() {
  return *parts_->reader;
}
Retention& Store::retention() {
  return *parts_->retention;
}
ReplicaSet& Store::replicas() {
  return *parts_->replicas;
}
Follower& Store::follower() {
  return *parts_->follower;
}
Upkeep& Store::upkeep() {
  return *parts_->upkeep;
}

}  // namespace comet::store
