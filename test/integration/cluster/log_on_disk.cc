#include "log_on_disk.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "remoting/base/check.h"
#include "remoting/base/text.h"
#include "remoting/wire/record_reader.h"

namespace comet {

// A file, mapped: the records' texts point into it.
class LogOnDisk::File {
 public:
  explicit File(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    COMET_CHECK(file >= 0);
    struct stat state {};
    COMET_CHECK_EQ(::fstat(file, &state), 0);
    bytes_ = static_cast<std::size_t>(state.st_size);
    if (bytes_ > 0) at_ = ::mmap(nullptr, bytes_, PROT_READ, MAP_SHARED, file, 0);
    COMET_CHECK(at_ != MAP_FAILED);
    ::close(file);
  }
  ~File() {
    if (at_ != nullptr) ::munmap(at_, bytes_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::string_view view() const { return {static_cast<const char*>(at_), bytes_}; }

 private:
  void* at_ = nullptr;
  std::size_t bytes_ = 0;
};

LogOnDisk::LogOnDisk(const std::string& store, std::int64_t from) {
  const std::string directory = store + "/commitlog";
  if (std::filesystem::exists(directory)) {
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      const auto base = ParseNumber<std::int64_t>(entry.path().filename().string());
      if (base) files_.emplace(*base, std::make_shared<const File>(entry.path().string()));
    }
  }
  end_ = std::max(begin(), from);
  Walk();
}

std::int64_t LogOnDisk::begin() const {
  return files_.empty() ? 0 : files_.begin()->first;
}

void LogOnDisk::Walk() {
  for (const auto& [base, file] : files_) {
    const auto file_end = base + static_cast<std::int64_t>(file->view().size());
    if (file_end <= end_) continue;
    if (base > end_ || !WalkFile(base, file->view())) return;
  }
}

bool LogOnDisk::WalkFile(std::int64_t base, std::string_view bytes) {
  auto at = static_cast<std::size_t>(end_ - base);
  while (at < bytes.size()) {
    const auto place = base + static_cast<std::int64_t>(at);
    const auto read = wire::ReadRecord(bytes.substr(at), {.body_crc = true, .log_offset = place});
    const auto& record = read.record;
    if (read.state == wire::RecordState::kBlank) {
      end_ = base + static_cast<std::int64_t>(bytes.size());
      return true;
    }
    if (read.state != wire::RecordState::kRecord) return false;
    records_.push_back({place, record.topic, record.queue_id, record.queue_offset, record.body});
    at += record.bytes;
    end_ = base + static_cast<std::int64_t>(at);
  }
  return true;
}

std::string LogOnDisk::DifferenceIn(const LogOnDisk& other) const {
  for (const auto& [base, file] : files_) {
    if (base >= end_) break;
    const auto wanted = static_cast<std::size_t>(
        std::min<std::int64_t>(end_ - base, static_cast<std::int64_t>(file->view().size())));
    const auto found = other.files_.find(base);
    if (found == other.files_.end()) return Concat("there is no file ", base);
    const std::string_view mine = file->view().substr(0, wanted);
    const std::string_view its = found->second->view().substr(0, wanted);
    if (mine == its) continue;
    const auto where = std::mismatch(mine.begin(), mine.end(), its.begin(), its.end());
    return Concat("at log offset ", base + (where.first - mine.begin()), " of ", end_);
  }
  return {};
}

}  // namespace comet
