#include "net_host.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "remoting/base/check.h"
#include "remoting/base/text.h"

namespace comet {
namespace {

constexpr const char* kDevice = "comet0";
constexpr const char* kOwnNamespace = "/proc/thread-self/ns/net";

Status Failed(std::string_view what) {
  return Status(Status::Code::kUnavailable, Concat(what, ": ", std::strerror(errno)));
}

ifreq Request(const char* device) {
  ifreq request{};
  std::strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  return request;
}

void PutAddress(ifreq* request, const std::string& text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  COMET_CHECK_EQ(::inet_pton(AF_INET, text.c_str(), &address.sin_addr), 1);
  std::memcpy(&request->ifr_addr, &address, sizeof(address));
}

bool BringUp(int control, const char* device) {
  ifreq request = Request(device);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  return ::ioctl(control, SIOCSIFFLAGS, &request) == 0;
}

bool Configure(const std::string& address) {
  const int control = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request = Request(kDevice);
  PutAddress(&request, address);
  bool done = ::ioctl(control, SIOCSIFADDR, &request) == 0;
  PutAddress(&request, "255.255.255.0");
  done = done && ::ioctl(control, SIOCSIFNETMASK, &request) == 0;
  done = done && BringUp(control, kDevice) && BringUp(control, "lo");
  ::close(control);
  return done;
}

}  // namespace

StatusOr<std::unique_ptr<NetHost>> NetHost::Create(const std::string& address) {
  std::unique_ptr<NetHost> host(new NetHost());
  Status made;
  std::thread([&] { made = host->Make(address); }).join();
  if (!made.ok()) return made;
  return host;
}

// On a thread of its own, which becomes the first of the new namespace.
Status NetHost::Make(const std::string& address) {
  if (::unshare(CLONE_NEWNET) != 0) return Failed("a network namespace is not allowed");
  namespace_ = ::open(kOwnNamespace, O_RDONLY | O_CLOEXEC);
  if (namespace_ < 0) return Failed(kOwnNamespace);
  device_ = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device_ < 0) return Failed("/dev/net/tun");
  ifreq request = Request(kDevice);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (::ioctl(device_, TUNSETIFF, &request) != 0) return Failed("a TUN device is not allowed");
  if (!Configure(address)) return Failed("the TUN device does not come up");
  return {};
}

NetHost::~NetHost() {
  for (const int descriptor : {device_, namespace_}) {
    if (descriptor >= 0) ::close(descriptor);
  }
}

void NetHost::Run(const std::function<void()>& what) const {
  std::thread([&] {
    Enter();
    what();
  }).join();
}

void NetHost::Enter() const {
  COMET_CHECK_EQ(::setns(namespace_, CLONE_NEWNET), 0);
}

HomeHost::HomeHost() : namespace_(::open(kOwnNamespace, O_RDONLY | O_CLOEXEC)) {
  COMET_CHECK(namespace_ >= 0);
}

HomeHost::~HomeHost() {
  COMET_CHECK_EQ(::setns(namespace_, CLONE_NEWNET), 0);
  ::close(namespace_);
}

}  // namespace comet
