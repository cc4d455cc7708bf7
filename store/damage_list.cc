#include "store/damage_list.h"

#include <algorithm>

#include "remoting/base/log.h"
#include "remoting/base/text.h"

namespace comet::store {
namespace {

constexpr std::uint64_t kFileBytesMax = 16 << 20;

StatusOr<Damage> ParseLine(std::string_view line, const std::string& path) {
  const auto blank = line.find(' ');
  if (blank != std::string_view::npos) {
    const auto offset = ParseNumber<std::int64_t>(line.substr(0, blank));
    const auto bytes = ParseNumber<std::int64_t>(line.substr(blank + 1));
    if (offset && bytes && *offset >= 0 && *bytes > 0 && *bytes <= INT64_MAX - *offset) {
      return Damage{*offset, *bytes};
    }
  }
  return Status(Status::Code::kCorruption,
                Concat(path, ": not \"offset bytes\": \"", line.substr(0, 60), "\""));
}

}  // namespace

StatusOr<DamageList> DamageList::Load(FileSystem& fs, const std::string& path,
                                      std::int64_t log_end) {
  DamageList list;
  COMET_ASSIGN(const bool exists, fs.Exists(path));
  if (!exists) return list;
  COMET_ASSIGN(const std::string text, ReadFile(fs, path, kFileBytesMax));
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    if (end != 0) {
      COMET_ASSIGN(const Damage damage, ParseLine(rest.substr(0, end), path));
      if (damage.end() <= log_end) {
        list.Add(damage);
      } else {
        list.left_out_ = true;
        LOG_WARN << path << ": \"" << damage.log_offset << ' ' << damage.bytes
                 << "\" reaches behind the log's end at " << log_end << "; left out";
      }
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return list;
}

Status DamageList::Save(FileSystem& fs, const std::string& path) const {
  std::string text;
  for (const Damage& damage : all_) text += Concat(damage.log_offset, ' ', damage.bytes, '\n');
  return WriteFileAtomically(fs, path, text);
}

void DamageList::Add(Damage damage) {
  auto first = std::find_if(all_.begin(), all_.end(),
                            [&](const Damage& old) { return old.end() >= damage.log_offset; });
  auto last = first;
  while (last != all_.end() && last->log_offset <= damage.end()) {
    const auto end = std::max(damage.end(), last->end());
    damage.log_offset = std::min(damage.log_offset, last->log_offset);
    damage.bytes = end - damage.log_offset;
    ++last;
  }
  all_.insert(all_.erase(first, last), damage);
}

void DamageList::DropFrom(std::int64_t offset) {
  std::erase_if(all_, [&](const Damage& damage) { return damage.log_offset >= offset; });
  if (!all_.empty() && all_.back().end() > offset) {
    all_.back().bytes = offset - all_.back().log_offset;
  }
}

void DamageList::DropBefore(std::int64_t offset) {
  std::erase_if(all_, [&](const Damage& damage) { return damage.end() <= offset; });
}

const Damage* DamageList::Find(std::int64_t offset, std::int64_t end) const {
  const auto it =
      std::upper_bound(all_.begin(), all_.end(), offset,
                       [](std::int64_t at, const Damage& damage) { return at < damage.end(); });
  return it != all_.end() && it->log_offset < end ? &*it : nullptr;
}

}  // namespace comet::store
