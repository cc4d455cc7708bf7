#include "store/queue_table.h"

#include <sys/resource.h>

#include <algorithm>
#include <functional>
#include <map>

#include "remoting/base/check.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "store/checked_lines.h"

namespace comet::store {
namespace {

constexpr std::size_t kFirstCapacity = 1024;
constexpr std::size_t kOpenFilesLeast = 64, kOpenFilesMost = 4096;
constexpr std::size_t kManySyncs = 256;  // from here on one sync of everything is cheaper

std::size_t HashOf(std::string_view topic, std::int32_t id) {
  return std::hash<std::string_view>{}(topic) + static_cast<std::uint32_t>(id) * 0x9e3779b97f4a7c15;
}

std::size_t OpenFilesMax(std::size_t wanted) {
  if (wanted != 0) return wanted;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kOpenFilesLeast;
  return std::clamp<std::size_t>(limit.rlim_cur / 4, kOpenFilesLeast, kOpenFilesMost);
}

// The table makes no others.
FileConsumeQueue& FileQueue(QueueSlot& slot) {
  return static_cast<FileConsumeQueue&>(slot.queue());
}

bool IsFileName(std::string_view topic) {
  return !topic.empty() && topic != "." && topic != ".." &&
         topic.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

}  // namespace

// Slots only appear. Readers probe without a lock; a writer fills an empty place with one store.
struct QueueTable::Index {
  explicit Index(std::size_t size) : mask(size - 1), places(size) {}

  QueueSlot* Find(std::string_view topic, std::int32_t id) const {
    for (std::size_t at = HashOf(topic, id);; ++at) {
      QueueSlot* slot = places[at & mask].load(std::memory_order_acquire);
      if (slot == nullptr || (slot->id() == id && slot->topic() == topic)) return slot;
    }
  }
  void Add(QueueSlot* slot) {
    std::size_t at = HashOf(slot->topic(), slot->id());
    while (places[at & mask].load(std::memory_order_relaxed) != nullptr) ++at;
    places[at & mask].store(slot, std::memory_order_release);
  }

  const std::size_t mask;
  std::vector<std::atomic<QueueSlot*>> places;  // at most half full
};

QueueTable::QueueTable(FileSystem& fs, QueueTableOptions options)
    : fs_(fs),
      options_(std::move(options)),
      open_files_(fs, OpenFilesMax(options_.open_files_max)),
      deleted_(fs, options_.directory + "_deleted") {
  MutexLock lock(mutex_);
  indexes_.push_back(std::make_unique<Index>(kFirstCapacity));
  index_.store(indexes_.back().get(), std::memory_order_release);
}

QueueTable::~QueueTable() = default;

QueueSlot* QueueTable::Find(std::string_view topic, std::int32_t id) const {
  return index_.load(std::memory_order_acquire)->Find(topic, id);
}

QueueSlot* QueueTable::FindOrCreate(std::string_view topic, std::int32_t id) {
  if (QueueSlot* slot = Find(topic, id)) return slot;
  COMET_CHECK(id >= 0 && IsFileName(topic));
  MutexLock lock(mutex_);
  if (QueueSlot* slot = indexes_.back()->Find(topic, id)) return slot;
  return Insert(topic, id);
}

QueueSlot* QueueTable::Insert(std::string_view topic, std::int32_t id) {
  auto name = topics_.find(topic);
  if (name == topics_.end()) name = topics_.emplace(topic).first;
  auto queue = std::make_unique<FileConsumeQueue>(
      open_files_, Concat(options_.directory, '/', topic, '/', id), options_.file_bytes);
  queue->IgnoreBefore(deleted_.EndOf(topic));
  QueueSlot& slot = slots_.emplace_back(*name, id, std::move(queue));
  if (slots_.size() * 2 > indexes_.back()->places.size()) {
    Grow();
  } else {
    indexes_.back()->Add(&slot);
  }
  return &slot;
}

// Readers may still be in the former index, so it stays; all of them together are no larger than
// the present one.
void QueueTable::Grow() {
  auto index = std::make_unique<Index>(indexes_.back()->places.size() * 2);
  for (QueueSlot& slot : slots_) index->Add(&slot);
  index_.store(index.get(), std::memory_order_release);
  indexes_.push_back(std::move(index));
}

std::vector<QueueSlot*> QueueTable::Snapshot() const {
  MutexLock lock(mutex_);
  std::vector<QueueSlot*> slots;
  slots.reserve(slots_.size());
  for (const QueueSlot& slot : slots_) slots.push_back(const_cast<QueueSlot*>(&slot));  // NOLINT
  return slots;
}

void QueueTable::ForEach(const std::function<void(QueueSlot&)>& visit) const {
  for (QueueSlot* slot : Snapshot()) visit(*slot);
}

std::size_t QueueTable::size() const {
  MutexLock lock(mutex_);
  return slots_.size();
}

StatusOr<std::unique_ptr<QueueTable>> QueueTable::Open(FileSystem& fs, QueueTableOptions options) {
  if (options.file_bytes <= 0 || options.file_bytes % kQueueEntryBytes != 0) {
    return Status(Status::Code::kInvalid,
                  Concat("mappedFileSizeConsumeQueue ", options.file_bytes,
                         ": must be a positive multiple of ", kQueueEntryBytes));
  }
  std::unique_ptr<QueueTable> table(new QueueTable(fs, std::move(options)));
  COMET_TRY(table->Load());
  COMET_TRY(table->CheckEnds());
  return table;
}

Status QueueTable::Load() {
  COMET_TRY(fs_.MakeDirectories(options_.directory));
  COMET_TRY(deleted_.Load());
  COMET_ASSIGN(const auto topics, fs_.List(options_.directory));
  QueueTrust trust{options_.after_crash, options_.trusted_to, options_.verify_bytes_max,
                   options_.before_repair};
  for (const std::string& topic : topics) {
    Status status = LoadTopic(topic, &trust);
    if (status.ok()) continue;
    // A plain file among the topics is nobody's queue.
    if (!fs_.Open(Concat(options_.directory, '/', topic), FileSystem::Mode::kOpen).ok()) {
      return std::move(status).Annotate(Concat("open the queues of ", topic));
    }
    LOG_WARN << options_.directory << '/' << topic << " is not a directory; left alone";
  }
  return {};
}

Status QueueTable::LoadTopic(const std::string& topic, QueueTrust* trust) {
  COMET_ASSIGN(const auto ids, fs_.List(Concat(options_.directory, '/', topic)));
  for (const std::string& name : ids) {
    const auto id = ParseNumber<std::int32_t>(name);
    if (!id || *id < 0 || std::to_string(*id) != name) {
      LOG_WARN << options_.directory << '/' << topic << '/' << name
               << " is no queue id; left alone";
      continue;
    }
    FileConsumeQueue& queue = FileQueue(*FindOrCreate(topic, *id));
    COMET_ASSIGN(const bool good, queue.Load(trust));
    if (!good) Damaged(queue.log_end());
    on_disk_.log_end = std::max(on_disk_.log_end, queue.log_end());
    ++on_disk_.queues;
  }
  return {};
}

void QueueTable::Damaged(std::int64_t rebuild_from) {
  ++on_disk_.damaged;
  if (on_disk_.rebuild_from < 0 || rebuild_from < on_disk_.rebuild_from) {
    on_disk_.rebuild_from = rebuild_from;
  }
}

// File `<directory>_ends`: a line `topic id end` per queue, then their CRC.
Status QueueTable::SaveEnds() {
  std::string lines;
  for (const QueueSlot* slot : Snapshot()) {
    const std::int64_t end = std::max(slot->queue().end(), slot->next_offset.load());
    if (end > 0) lines += Concat(slot->topic(), ' ', slot->id(), ' ', end, '\n');
  }
  return WriteCheckedLines(fs_, ends_path(), std::move(lines));
}

Status QueueTable::CheckEnds() {
  COMET_ASSIGN(const std::string lines, ReadCheckedLines(fs_, ends_path()));
  for (std::string_view rest = lines; !rest.empty();) {
    std::string_view line = CutAt(&rest, '\n');
    const std::string_view topic = CutAt(&line, ' ');
    const auto id = ParseNumber<std::int32_t>(CutAt(&line, ' '));
    const auto end = ParseNumber<std::int64_t>(line);
    if (id && end && *id >= 0 && IsFileName(topic)) CheckEnd(topic, *id, *end);
  }
  return {};
}

void QueueTable::CheckEnd(std::string_view topic, std::int32_t id, std::int64_t end) {
  QueueSlot* slot = FindOrCreate(topic, id);
  FileQueue(*slot).KnownTo(end);  // also if it has as many now: some may yet be cut
  const std::int64_t found = slot->queue().end();
  if (found >= end) return;
  LOG_WARN << "queue " << topic << '/' << id << " ends at " << found << " and had " << end
           << " before; rebuilding it from the log";
  Damaged(slot->queue().log_end());
}

Status QueueTable::TruncateAfter(std::int64_t log_offset, bool keep_numbers) {
  COMET_TRY(deleted_.LowerTo(log_offset));
  if (keep_numbers) {
    for (QueueSlot* slot : Snapshot()) FileQueue(*slot).KnownTo(slot->queue().end());
    InitNextOffsets();
    COMET_TRY(SaveEnds());
  }
  for (QueueSlot* slot : Snapshot()) {
    slot->queue().IgnoreBefore(deleted_.EndOf(slot->topic()));
    const std::int64_t end = slot->queue().end();
    COMET_TRY(slot->queue().TruncateAfter(log_offset));
    // Either the log has lost its tail, or an entry pointed to where no record is.
    if (slot->queue().end() == end) continue;
    Damaged(slot->queue().log_end());
  }
  return {};
}

Status QueueTable::ForgetAfter(std::int64_t log_offset) {
  for (QueueSlot* slot : Snapshot()) COMET_TRY(slot->queue().TruncateAfter(log_offset));
  return {};
}

void QueueTable::InitNextOffsets() {
  for (QueueSlot* slot : Snapshot()) {
    slot->next_offset = std::max(slot->queue().end(), FileQueue(*slot).known_to());
  }
}

Status QueueTable::DropBefore(std::int64_t log_offset) {
  Status first = deleted_.DropBefore(log_offset);
  for (QueueSlot* slot : Snapshot()) {
    Status status = slot->queue().DropBefore(log_offset);
    if (first.ok()) first = std::move(status);
  }
  return first;
}

Status QueueTable::Sync() {
  const auto slots = Snapshot();
  std::size_t syncs = 0;
  for (QueueSlot* slot : slots) syncs += slot->queue().BeginSync();
  if (syncs == 0) return {};
  Status status{Status::Code::kUnavailable, "not tried"};
  if (syncs >= kManySyncs) status = fs_.SyncAll(options_.directory);
  if (status.code() == Status::Code::kUnavailable) {
    status = fs_.SyncDirectory(options_.directory);
    for (QueueSlot* slot : slots) {
      if (status.ok()) status = slot->queue().SyncBegun();
    }
  }
  for (QueueSlot* slot : slots) slot->queue().EndSync(status.ok());
  return status;
}

void QueueTable::RestartOffsets(std::span<const std::string> topics) {
  const std::set<std::string_view> names(topics.begin(), topics.end());
  for (QueueSlot* slot : Snapshot()) {
    if (names.contains(slot->topic())) slot->next_offset.store(0, std::memory_order_relaxed);
  }
}

Status QueueTable::DeleteTopics(std::span<const std::string> topics, std::int64_t log_offset) {
  std::map<std::string_view, std::vector<QueueSlot*>> slots;
  for (const std::string& topic : topics) {
    if (!IsFileName(topic)) return {Status::Code::kInvalid, Concat("no topic: ", topic)};
    slots[topic];
  }
  for (QueueSlot* slot : Snapshot()) {
    if (const auto found = slots.find(slot->topic()); found != slots.end()) {
      found->second.push_back(slot);
    }
  }
  // A topic without queues has no records either.
  std::erase_if(slots, [](const auto& entry) { return entry.second.empty(); });
  if (slots.empty()) return {};
  std::vector<std::string> names;
  for (const auto& [topic, unused] : slots) names.emplace_back(topic);
  COMET_TRY(ForgetEnds(names));
  COMET_TRY(deleted_.Add(names, log_offset));
  for (const auto& [topic, queues] : slots) {
    for (QueueSlot* slot : queues) COMET_TRY(slot->queue().Delete(log_offset));
    COMET_TRY(DeleteDirectories(topic, queues));
  }
  return {};
}

// They are empty by now.
Status QueueTable::DeleteDirectories(std::string_view topic, std::span<QueueSlot* const> slots) {
  const std::string directory = Concat(options_.directory, '/', topic);
  for (const QueueSlot* slot : slots) {
    COMET_ASSIGN(const bool there, fs_.Exists(Concat(directory, '/', slot->id())));
    if (there) COMET_TRY(fs_.Remove(Concat(directory, '/', slot->id())));
  }
  COMET_ASSIGN(const bool there, fs_.Exists(directory));
  return there ? fs_.Remove(directory) : Status();
}

// Otherwise the next start would miss these queues.
Status QueueTable::ForgetEnds(std::span<const std::string> topics) {
  const std::set<std::string_view> names(topics.begin(), topics.end());
  COMET_ASSIGN(const std::string lines, ReadCheckedLines(fs_, ends_path()));
  std::string kept;
  for (std::string_view rest = lines; !rest.empty();) {
    const std::string_view line = CutAt(&rest, '\n');
    if (!names.contains(line.substr(0, line.find(' ')))) kept += Concat(line, '\n');
  }
  return kept == lines ? Status() : WriteCheckedLines(fs_, ends_path(), std::move(kept));
}

}  // namespace comet::store
