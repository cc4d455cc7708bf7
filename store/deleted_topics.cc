#include "store/deleted_topics.h"

#include <algorithm>

#include "remoting/base/text.h"
#include "store/checked_lines.h"

namespace comet::store {

Status DeletedTopics::Load() {
  COMET_ASSIGN(const std::string lines, ReadCheckedLines(fs_, path_));
  MutexLock lock(mutex_);
  for (std::string_view rest = lines; !rest.empty();) {
    std::string_view line = CutAt(&rest, '\n');
    const auto end = ParseNumber<std::int64_t>(CutAt(&line, ' '));
    if (end && *end > 0 && !line.empty()) ends_[std::string(line)] = *end;
  }
  return {};
}

std::int64_t DeletedTopics::EndOf(std::string_view topic) const {
  MutexLock lock(mutex_);
  const auto found = ends_.find(topic);
  return found == ends_.end() ? 0 : found->second;
}

Status DeletedTopics::Add(std::span<const std::string> topics, std::int64_t log_offset) {
  {
    MutexLock lock(mutex_);
    for (const std::string& topic : topics) {
      auto& end = ends_[topic];
      end = std::max(end, log_offset);
    }
  }
  return Save();
}

Status DeletedTopics::LowerTo(std::int64_t log_offset) {
  bool changed = false;
  {
    MutexLock lock(mutex_);
    for (auto& [topic, end] : ends_) {
      if (end <= log_offset) continue;
      end = log_offset;
      changed = true;
    }
  }
  return changed ? Save() : Status();
}

Status DeletedTopics::DropBefore(std::int64_t log_offset) {
  std::size_t dropped = 0;
  {
    MutexLock lock(mutex_);
    dropped = std::erase_if(ends_, [&](const auto& entry) { return entry.second <= log_offset; });
  }
  return dropped != 0 ? Save() : Status();
}

Status DeletedTopics::Save() {
  MutexLock saving(saving_);
  std::string lines;
  {
    MutexLock lock(mutex_);
    for (const auto& [topic, end] : ends_) lines += Concat(end, ' ', topic, '\n');
  }
  return WriteCheckedLines(fs_, path_, std::move(lines));
}

}  // namespace comet::store
