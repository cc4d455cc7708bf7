#include "sandbox.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "remoting/base/text.h"

namespace comet {
namespace {

bool WriteFile(const char* path, const std::string& text) {
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(file);
  return written;
}

// Root of a user namespace that knows this user only.
bool BecomeRoot() {
  const auto user = ::geteuid();
  const auto group = ::getegid();
  return ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && WriteFile("/proc/self/setgroups", "deny") &&
         WriteFile("/proc/self/uid_map", Concat("0 ", user, " 1")) &&
         WriteFile("/proc/self/gid_map", Concat("0 ", group, " 1"));
}

std::string Enter() {
  if (::unshare(CLONE_NEWNS) != 0 && !BecomeRoot()) {
    return Concat("neither root nor user namespaces are allowed here: ", std::strerror(errno));
  }
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return Concat("mounts cannot be made private: ", std::strerror(errno));
  }
  return {};
}

}  // namespace

const std::string& EnterSandbox() {
  static const std::string why_not = Enter();
  return why_not;
}

}  // namespace comet
