#include "remoting/base/file_system.h"

#include <algorithm>

namespace comet {
namespace {

std::string DirectoryOf(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status WriteWhole(FileSystem& fs, const std::string& path, Slice content) {
  COMET_ASSIGN(auto file, fs.Open(path, FileSystem::Mode::kOpenOrCreate));
  COMET_TRY(file->Truncate(0));
  COMET_TRY(file->WriteAt(0, std::span(&content, 1)));
  return file->Sync();
}

}  // namespace

StatusOr<std::string> ReadFile(FileSystem& fs, const std::string& path, std::uint64_t limit) {
  COMET_ASSIGN(auto file, fs.Open(path, FileSystem::Mode::kOpen));
  COMET_ASSIGN(const std::uint64_t size, file->Size());
  if (size > limit) {
    return Status(Status::Code::kInvalid, path + ": " + std::to_string(size) +
                                              " bytes, more than the " + std::to_string(limit) +
                                              " allowed");
  }
  std::string content(size, '\0');
  COMET_ASSIGN(const std::size_t got, file->ReadAt(0, std::span(content.data(), content.size())));
  content.resize(std::min<std::size_t>(got, content.size()));
  return content;
}

Status WriteFileAtomically(FileSystem& fs, const std::string& path, Slice content) {
  const std::string fresh = path + ".tmp";
  COMET_TRY(WriteWhole(fs, fresh, content));
  COMET_TRY(fs.Rename(fresh, path));
  return fs.SyncDirectory(DirectoryOf(path));
}

}  // namespace comet
