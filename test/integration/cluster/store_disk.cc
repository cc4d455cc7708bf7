#include "store_disk.h"

#include <sys/mount.h>
#include <sys/statvfs.h>

#include "remoting/base/check.h"
#include "remoting/base/text.h"

namespace comet {
namespace {

constexpr std::int64_t kRoomyBytes = std::int64_t{8} << 30;  // used as it is filled

std::string SizeOption(std::int64_t bytes) {
  return Concat("size=", bytes);
}

}  // namespace

std::unique_ptr<StoreDisk> StoreDisk::Mount(const std::string& path) {
  if (::mount("comet", path.c_str(), "tmpfs", 0, SizeOption(kRoomyBytes).c_str()) != 0) {
    return nullptr;
  }
  return std::unique_ptr<StoreDisk>(new StoreDisk(path));
}

StoreDisk::~StoreDisk() {
  ::umount2(path_.c_str(), MNT_DETACH);
}

void StoreDisk::SetFull() {
  struct statvfs state {};
  COMET_CHECK_EQ(::statvfs(path_.c_str(), &state), 0);
  Resize(static_cast<std::int64_t>((state.f_blocks - state.f_bfree) * state.f_frsize));
}

void StoreDisk::SetRoomy() {
  Resize(kRoomyBytes);
}

// Not below what is used; between looking and resizing a little more may be.
void StoreDisk::Resize(std::int64_t bytes) const {
  constexpr std::int64_t kMore = 1 << 20;
  const auto resized = [&](std::int64_t size) {
    return ::mount("comet", path_.c_str(), "tmpfs", MS_REMOUNT, SizeOption(size).c_str()) == 0;
  };
  while (!resized(bytes)) bytes += kMore;
}

}  // namespace comet
