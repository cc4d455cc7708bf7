#include "store/checked_lines.h"

#include <algorithm>

#include "remoting/base/crc32.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"

namespace comet::store {
namespace {

constexpr std::uint64_t kBytesMax = 64 << 20;

}  // namespace

Status WriteCheckedLines(FileSystem& fs, const std::string& path, std::string lines) {
  lines += Concat("crc32 ", Crc32(lines), '\n');
  return WriteFileAtomically(fs, path, lines);
}

StatusOr<std::string> ReadCheckedLines(FileSystem& fs, const std::string& path) {
  auto read = ReadFile(fs, path, kBytesMax);
  if (!read.ok() && read.error().code() == Status::Code::kNotFound) return std::string();
  if (!read.ok()) return read.TakeError();
  std::string lines = read.Take();
  const std::size_t last = lines.rfind("crc32 ");
  if (last == std::string::npos ||
      lines.substr(last) != Concat("crc32 ", Crc32(Slice(lines).substr(0, last)), '\n')) {
    LOG_WARN << path << " is damaged; starting without it";
    return std::string();
  }
  lines.resize(last);
  return lines;
}

std::string_view CutAt(std::string_view* text, char end) {
  const std::size_t at = std::min(text->find(end), text->size());
  const std::string_view part = text->substr(0, at);
  text->remove_prefix(std::min(at + 1, text->size()));
  return part;
}

}  // namespace comet::store
