#include "test/sim/sim_disk.h"

#include <algorithm>
#include <utility>

#include "remoting/base/check.h"
#include "remoting/base/text.h"

namespace comet::sim {
namespace {

std::string DirectoryOf(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

Status Missing(const std::string& path) {
  return {Status::Code::kNotFound, path + ": no such file or directory"};
}

class SimMapping : public Mapping {
 public:
  explicit SimMapping(std::shared_ptr<const SimFile> file)
      : file_(std::move(file)), bytes_(file_->bytes()), size_(file_->size()) {}
  Slice bytes() const override { return {bytes_.get(), size_}; }
  bool Unreadable(std::size_t from, std::size_t bytes) const override {
    return file_->unreadable().Meets(from, bytes);
  }

 private:
  const std::shared_ptr<const SimFile> file_;
  const std::shared_ptr<const char[]> bytes_;
  const std::uint64_t size_;
};

}  // namespace

class SimDisk::OpenFile : public File {
 public:
  OpenFile(SimDisk& disk, std::string path, std::shared_ptr<SimFile> file, std::uint64_t life)
      : disk_(disk), path_(std::move(path)), file_(std::move(file)), life_(life) {}

  Status WriteAt(std::uint64_t offset, std::span<const Slice> parts) override {
    std::string bytes;
    for (const Slice part : parts) bytes += part;
    MutexLock lock(disk_.mutex_);
    COMET_TRY(Usable());
    const auto grows =
        offset + bytes.size() > file_->size() ? offset + bytes.size() - file_->size() : 0;
    if (disk_.UsedBytes() + grows > disk_.capacity_) return Full();
    COMET_ASSIGN(const Outcome outcome, disk_.Begin(Fault::Op::kWrite, path_));
    if (outcome == Outcome::kPart || outcome == Outcome::kPartThenCrash) {
      bytes.resize(disk_.random_.Below(static_cast<std::uint32_t>(bytes.size()) + 1));
    }
    file_->Write(offset, bytes);
    file_->modified_ms = disk_.clock_.WallNow();
    return disk_.Finish(outcome, path_);
  }

  StatusOr<std::size_t> ReadAt(std::uint64_t offset, std::span<char> into) override {
    MutexLock lock(disk_.mutex_);
    COMET_TRY(disk_.CheckAlive(life_, path_));
    if (offset >= file_->size()) return std::size_t{0};
    const auto bytes = std::min<std::uint64_t>(into.size(), file_->size() - offset);
    if (file_->unreadable().Meets(offset, bytes)) {
      return Status(Status::Code::kIo, path_ + ": a sector cannot be read");
    }
    std::memcpy(into.data(), file_->bytes().get() + offset, bytes);
    return static_cast<std::size_t>(bytes);
  }

  Status Sync() override {
    MutexLock lock(disk_.mutex_);
    COMET_TRY(Usable());
    auto outcome = disk_.Begin(Fault::Op::kSync, path_);
    if (!outcome.ok()) {
      poisoned_ = true;
      file_->SyncFailed();
      return outcome.TakeError();
    }
    file_->Synced();
    return disk_.Finish(*outcome, path_);
  }

  Status Allocate(std::uint64_t size) override {
    MutexLock lock(disk_.mutex_);
    COMET_TRY(Usable());
    if (size <= file_->size()) return {};
    if (disk_.UsedBytes() + size - file_->size() > disk_.capacity_) return Full();
    return ChangeSize(size);
  }

  Status Truncate(std::uint64_t size) override {
    MutexLock lock(disk_.mutex_);
    COMET_TRY(Usable());
    return size == file_->size() ? Status() : ChangeSize(size);
  }

  StatusOr<std::uint64_t> Size() override {
    MutexLock lock(disk_.mutex_);
    COMET_TRY(disk_.CheckAlive(life_, path_));
    return file_->size();
  }

  StatusOr<std::shared_ptr<Mapping>> Map() override {
    MutexLock lock(disk_.mutex_);
    COMET_TRY(disk_.CheckAlive(life_, path_));
    return std::shared_ptr<Mapping>(std::make_shared<SimMapping>(file_));
  }

  int descriptor() const override { return -1; }

 private:
  Status Usable() const REQUIRES(disk_.mutex_) {
    COMET_TRY(disk_.CheckAlive(life_, path_));
    if (poisoned_) return {Status::Code::kIo, path_ + ": an earlier sync failed"};
    return {};
  }
  Status Full() const { return {Status::Code::kFull, path_ + ": no space left on the device"}; }
  Status ChangeSize(std::uint64_t size) REQUIRES(disk_.mutex_) {
    COMET_ASSIGN(const Outcome outcome, disk_.Begin(Fault::Op::kWrite, path_));
    if (outcome != Outcome::kPart && outcome != Outcome::kPartThenCrash) file_->Resize(size);
    return disk_.Finish(outcome, path_);
  }

  SimDisk& disk_;
  const std::string path_;
  const std::shared_ptr<SimFile> file_;
  const std::uint64_t life_;
  bool poisoned_ = false;  // as the kernel has it: those who open the file later see no error
};

class SimDisk::HeldLock : public FileLock {
 public:
  HeldLock(SimDisk& disk, std::string path, std::uint64_t life)
      : disk_(disk), path_(std::move(path)), life_(life) {}
  ~HeldLock() override {
    MutexLock lock(disk_.mutex_);
    if (life_ == disk_.life_) disk_.locks_.erase(path_);
  }

 private:
  SimDisk& disk_;
  const std::string path_;
  const std::uint64_t life_;
};

SimDisk::SimDisk(const Clock& clock, std::uint64_t seed) : clock_(clock), random_(seed) {}
SimDisk::~SimDisk() = default;

void SimDisk::Inject(Fault fault) {
  MutexLock lock(mutex_);
  fault_ = fault;
  writes_ = syncs_ = 0;
}

void SimDisk::ClearFault() {
  MutexLock lock(mutex_);
  fault_.reset();
  writes_ = syncs_ = 0;
}

std::int64_t SimDisk::writes() const {
  MutexLock lock(mutex_);
  return writes_;
}

std::int64_t SimDisk::syncs() const {
  MutexLock lock(mutex_);
  return syncs_;
}

bool SimDisk::crashed() const {
  MutexLock lock(mutex_);
  return crashed_;
}

void SimDisk::Crash() {
  MutexLock lock(mutex_);
  crashed_ = true;
}

void SimDisk::Restart() {
  MutexLock lock(mutex_);
  const auto certain_to = random_.Below(static_cast<std::uint32_t>(changes_.size()) + 1);
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    if (changes_[i].certain || i < certain_to) Apply(changes_[i], device_names_);
  }
  changes_.clear();
  names_ = device_names_;
  std::set<SimFile*> done;
  for (const auto& [name, file] : names_) {
    if (file != nullptr && done.insert(file.get()).second) file->Crash(random_);
  }
  locks_.clear();
  fault_.reset();
  writes_ = syncs_ = 0;
  crashed_ = false;
  ++life_;
}

void SimDisk::SetCapacity(std::uint64_t bytes) {
  MutexLock lock(mutex_);
  capacity_ = bytes;
}

void SimDisk::RunOutOfDescriptors(bool out) {
  MutexLock lock(mutex_);
  no_descriptors_ = out;
}

Status SimDisk::CheckOpens(const std::string& path) const {
  if (!no_descriptors_) return {};
  return {Status::Code::kUnavailable, Concat("open ", path, ": too many open files")};
}

void SimDisk::FlipBit(const std::string& path, std::uint64_t offset, int bit) {
  MutexLock lock(mutex_);
  COMET_CHECK(names_.contains(path));
  names_[path]->Flip(offset, bit);
}

void SimDisk::Spoil(const std::string& path, std::uint64_t offset, std::uint64_t bytes) {
  MutexLock lock(mutex_);
  COMET_CHECK(names_.contains(path));
  names_[path]->Spoil(offset, bytes);
}

void SimDisk::Mend(const std::string& path) {
  MutexLock lock(mutex_);
  COMET_CHECK(names_.contains(path));
  names_[path]->Mend();
}

std::string SimDisk::Content(const std::string& path) const {
  MutexLock lock(mutex_);
  const auto it = names_.find(path);
  COMET_CHECK(it != names_.end() && it->second != nullptr);
  return std::string(it->second->View());
}

StatusOr<SimDisk::Outcome> SimDisk::Begin(Fault::Op op, const std::string& path) {
  const auto number = op == Fault::Op::kWrite ? ++writes_ : ++syncs_;
  if (!fault_ || fault_->op != op || fault_->number != number) return Outcome::kDo;
  switch (fault_->kind) {
    case Fault::Kind::kTear:
      return Outcome::kPart;
    case Fault::Kind::kCrashTorn:
      return Outcome::kPartThenCrash;
    case Fault::Kind::kCrashAfter:
      return Outcome::kDoThenCrash;
    case Fault::Kind::kFull:
      return Status(Status::Code::kFull, path + ": no space left on the device (injected)");
    case Fault::Kind::kCrashBefore:
      crashed_ = true;
      break;
    case Fault::Kind::kFail:
      break;
  }
  return Status(Status::Code::kIo, path + ": input/output error (injected)");
}

Status SimDisk::Finish(Outcome outcome, const std::string& path) {
  if (outcome == Outcome::kDo) return {};
  if (outcome != Outcome::kPart) crashed_ = true;
  if (outcome == Outcome::kDoThenCrash) return {};  // the caller hears of it with its next call
  return {Status::Code::kIo, path + ": input/output error (injected)"};
}

Status SimDisk::CheckAlive(std::uint64_t life, const std::string& path) const {
  if (!crashed_ && life == life_) return {};
  return {Status::Code::kIo, path + ": the machine has stopped"};
}

std::uint64_t SimDisk::UsedBytes() const {
  std::uint64_t used = 0;
  for (const auto& [name, file] : names_) used += file == nullptr ? 0 : file->size();
  return used;
}

void SimDisk::Apply(const NameChange& change, Names& names) {
  if (!change.gone.empty()) names.erase(change.gone);
  if (!change.made.empty()) names[change.made] = change.file;
}

Status SimDisk::Change(NameChange change) {
  const std::string path = change.made.empty() ? change.gone : change.made;
  COMET_ASSIGN(const Outcome outcome, Begin(Fault::Op::kWrite, path));
  if (outcome == Outcome::kDo || outcome == Outcome::kDoThenCrash) {
    Apply(change, names_);
    changes_.push_back(std::move(change));
  }
  return Finish(outcome, path);
}

StatusOr<std::unique_ptr<File>> SimDisk::Open(const std::string& path, Mode mode) {
  MutexLock lock(mutex_);
  COMET_TRY(CheckOpens(path));
  COMET_TRY(CheckAlive(life_, path));
  auto it = names_.find(path);
  if (it == names_.end()) {
    if (mode == Mode::kOpen || !names_.contains(DirectoryOf(path))) return Missing(path);
    COMET_TRY(Change({{}, path, std::make_shared<SimFile>()}));
    it = names_.find(path);
  } else if (mode == Mode::kCreate || it->second == nullptr) {
    return Status(Status::Code::kIo, path + ": exists");
  }
  return std::unique_ptr<File>(std::make_unique<OpenFile>(*this, path, it->second, life_));
}

StatusOr<std::vector<std::string>> SimDisk::List(const std::string& directory) {
  MutexLock lock(mutex_);
  COMET_TRY(CheckAlive(life_, directory));
  if (!names_.contains(directory)) return Missing(directory);
  std::vector<std::string> found;
  for (const auto& [name, file] : names_) {
    if (name != directory && DirectoryOf(name) == directory) {
      found.push_back(name.substr(directory.size() + 1));
    }
  }
  return found;
}

StatusOr<bool> SimDisk::Exists(const std::string& path) {
  MutexLock lock(mutex_);
  COMET_TRY(CheckAlive(life_, path));
  return names_.contains(path);
}

Status SimDisk::MakeDirectories(const std::string& path) {
  MutexLock lock(mutex_);
  COMET_TRY(CheckAlive(life_, path));
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    if (names_.contains(part)) continue;
    names_[part] = nullptr;
    const bool removed_before = std::any_of(changes_.begin(), changes_.end(),
                                            [&](const auto& old) { return old.gone == part; });
    // That directories survive which are made for the first time is taken for granted.
    if (!removed_before) device_names_[part] = nullptr;
    if (removed_before) changes_.push_back({{}, part, nullptr});
  }
  return {};
}

Status SimDisk::Rename(const std::string& from, const std::string& to) {
  MutexLock lock(mutex_);
  COMET_TRY(CheckAlive(life_, from));
  const auto it = names_.find(from);
  if (it == names_.end()) return Missing(from);
  return Change({from, to, it->second});
}

Status SimDisk::Remove(const std::string& path) {
  MutexLock lock(mutex_);
  COMET_TRY(CheckAlive(life_, path));
  const auto it = names_.find(path);
  if (it == names_.end()) return Missing(path);
  const auto inside = names_.upper_bound(path + "/");
  if (it->second == nullptr && inside != names_.end() && inside->first.starts_with(path + "/")) {
    return {Status::Code::kIo, path + ": directory not empty"};
  }
  return Change({path, {}, nullptr});
}

Status SimDisk::SyncDirectory(const std::string& path) {
  MutexLock lock(mutex_);
  COMET_TRY(CheckOpens(path));
  COMET_TRY(CheckAlive(life_, path));
  if (!names_.contains(path)) return Missing(path);
  COMET_ASSIGN(const Outcome outcome, Begin(Fault::Op::kSync, path));
  bool all = true;
  for (NameChange& change : changes_) {
    change.certain |= DirectoryOf(change.gone) == path || DirectoryOf(change.made) == path;
    all &= change.certain;
  }
  if (all) {
    device_names_ = names_;
    changes_.clear();
  }
  return Finish(outcome, path);
}

StatusOr<std::int64_t> SimDisk::ModifiedMs(const std::string& path) {
  MutexLock lock(mutex_);
  COMET_TRY(CheckAlive(life_, path));
  const auto it = names_.find(path);
  if (it == names_.end()) return Missing(path);
  return it->second == nullptr ? 0 : it->second->modified_ms;
}

StatusOr<DiskSpace> SimDisk::Space(const std::string& path) {
  MutexLock lock(mutex_);
  COMET_TRY(CheckAlive(life_, path));
  const auto used = UsedBytes();
  return DiskSpace{capacity_, capacity_ - std::min(used, capacity_)};
}

StatusOr<std::unique_ptr<FileLock>> SimDisk::Lock(const std::string& path) {
  MutexLock lock(mutex_);
  COMET_TRY(CheckAlive(life_, path));
  if (!locks_.insert(path).second) {
    return Status(Status::Code::kUnavailable, path + ": held by another process");
  }
  return std::unique_ptr<FileLock>(std::make_unique<HeldLock>(*this, path, life_));
}

}  // namespace comet::sim
