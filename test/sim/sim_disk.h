#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/file_system.h"
#include "remoting/base/mutex.h"
#include "test/sim/sim_file.h"

namespace comet::sim {

// What is to go wrong. Changes are counted from 1: writes of bytes, sizes and names in one
// sequence, syncs of files and directories in another.
struct Fault {
  enum class Op { kWrite, kSync };
  enum class Kind {
    kFail,         // an I/O error, and nothing happened
    kFull,         // no space, and nothing happened; writes only
    kTear,         // an I/O error, and a part of the bytes was written; writes only
    kCrashBefore,  // the machine stops instead
    kCrashTorn,    // the machine stops in the middle; writes only
    kCrashAfter    // it happens, then the machine stops
  };
  Op op = Op::kWrite;
  std::int64_t number = 0;
  Kind kind = Kind::kFail;
};

// A file system in memory whose every write and sync can fail, be torn, or be the last before a
// crash. What was not synced at a crash survives or vanishes by the seed: each sector of 512 bytes
// for itself; changes of names in their order, up to some point, except that SyncDirectory makes
// those of its directory certain.
//
// Any thread. Files and mappings opened before a crash belong to the dead: they report errors
// (mappings keep their memory) and must be dropped before Restart.
class SimDisk : public FileSystem {
 public:
  explicit SimDisk(const Clock& clock, std::uint64_t seed = 1);
  ~SimDisk() override;

  void Inject(Fault fault) EXCLUDES(mutex_);  // replaces the one before; counts from now
  void ClearFault() EXCLUDES(mutex_);
  std::int64_t writes() const EXCLUDES(mutex_);  // since the last Inject or ClearFault
  std::int64_t syncs() const EXCLUDES(mutex_);
  bool crashed() const EXCLUDES(mutex_);

  void Crash() EXCLUDES(mutex_);    // power goes: every operation fails from now on
  void Restart() EXCLUDES(mutex_);  // power comes back, with what survived
  void SetCapacity(std::uint64_t bytes) EXCLUDES(mutex_);
  // While `out`, nothing can be opened: Open and SyncDirectory fail as they do under EMFILE.
  void RunOutOfDescriptors(bool out) EXCLUDES(mutex_);
  void FlipBit(const std::string& path, std::uint64_t offset, int bit) EXCLUDES(mutex_);
  // These bytes, one range of a file, cannot be read until Mend: ReadAt fails, and mappings have
  // zeros there and say so, as if somebody had touched them. By the thread that uses the mappings.
  void Spoil(const std::string& path, std::uint64_t offset, std::uint64_t bytes) EXCLUDES(mutex_);
  void Mend(const std::string& path) EXCLUDES(mutex_);
  std::string Content(const std::string& path) const EXCLUDES(mutex_);  // dies if there is none

  StatusOr<std::unique_ptr<File>> Open(const std::string& path, Mode mode) override;
  StatusOr<std::vector<std::string>> List(const std::string& directory) override;
  StatusOr<bool> Exists(const std::string& path) override;
  Status MakeDirectories(const std::string& path) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Status Remove(const std::string& path) override;
  Status SyncDirectory(const std::string& path) override;
  StatusOr<std::int64_t> ModifiedMs(const std::string& path) override;
  StatusOr<DiskSpace> Space(const std::string& path) override;
  StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path) override;

 private:
  class OpenFile;
  class HeldLock;
  using Names = std::map<std::string, std::shared_ptr<SimFile>>;  // null: a directory
  // A change of names that a crash may undo. An empty side is left out.
  struct NameChange {
    std::string gone, made;
    std::shared_ptr<SimFile> file;
    bool certain = false;
  };
  enum class Outcome { kDo, kDoThenCrash, kPart, kPartThenCrash };

  // Counts an operation and says what is to happen; an error means that nothing does.
  StatusOr<Outcome> Begin(Fault::Op op, const std::string& path) REQUIRES(mutex_);
  Status Finish(Outcome outcome, const std::string& path) REQUIRES(mutex_);
  Status Change(NameChange change) REQUIRES(mutex_);
  Status CheckAlive(std::uint64_t life, const std::string& path) const REQUIRES(mutex_);
  Status CheckOpens(const std::string& path) const REQUIRES(mutex_);
  std::uint64_t UsedBytes() const REQUIRES(mutex_);
  static void Apply(const NameChange& change, Names& names);

  const Clock& clock_;
  mutable Mutex mutex_;
  Random random_ GUARDED_BY(mutex_);
  Names names_ GUARDED_BY(mutex_), device_names_ GUARDED_BY(mutex_);
  std::vector<NameChange> changes_ GUARDED_BY(mutex_);  // between device_names_ and names_
  std::set<std::string> locks_ GUARDED_BY(mutex_);
  std::optional<Fault> fault_ GUARDED_BY(mutex_);
  std::int64_t writes_ GUARDED_BY(mutex_) = 0, syncs_ GUARDED_BY(mutex_) = 0;
  std::uint64_t capacity_ GUARDED_BY(mutex_) = std::uint64_t{1} << 40;
  bool no_descriptors_ GUARDED_BY(mutex_) = false;
  std::uint64_t life_ GUARDED_BY(mutex_) = 1;  // grows with each crash
  bool crashed_ GUARDED_BY(mutex_) = false;
};

}  // namespace comet::sim
