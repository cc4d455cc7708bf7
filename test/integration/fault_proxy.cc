#include "fault_proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <utility>

#include "remoting/base/check.h"
#include "remoting/base/clock.h"
#include "remoting/base/text.h"

namespace comet {
namespace {

constexpr Duration kDelay = std::chrono::milliseconds(100);
constexpr std::size_t kHeldMax = std::size_t{1} << 20;  // then it reads no more

sockaddr_in Address(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  COMET_CHECK_EQ(::inet_pton(AF_INET, host.c_str(), &address.sin_addr), 1);
  return address;
}

const sockaddr* Plain(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void SetUp(int descriptor) {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  COMET_CHECK(::fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0);
}

void CloseWithReset(int descriptor) {
  const linger at_once{1, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  ::close(descriptor);
}

}  // namespace

// Two connections; what end[0] sends goes to end[1], and the other way round.
struct FaultProxy::Pair {
  struct Chunk {
    MonoTime due;
    std::string bytes;
  };
  int end[2] = {-1, -1};
  std::deque<Chunk> held[2];  // what end[way] has sent and the other has not got
  std::size_t held_bytes[2] = {0, 0};
  bool dead = false;   // half-open for ever
  bool reset = false;  // closed with a reset

  ~Pair() {
    for (const int descriptor : end) {
      if (reset) {
        CloseWithReset(descriptor);
      } else {
        ::close(descriptor);
      }
    }
  }
};

FaultProxy::FaultProxy(const std::string& host, std::uint16_t port, std::uint16_t target_port,
                       std::string target_host)
    : address_(Concat(host, ":", port)),
      target_host_(std::move(target_host)),
      target_port_(target_port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  const sockaddr_in address = Address(host, port);
  COMET_CHECK_EQ(::bind(listener_, Plain(address), sizeof(address)), 0);
  COMET_CHECK_EQ(::listen(listener_, 64), 0);
  COMET_CHECK_EQ(::pipe2(wake_, O_NONBLOCK | O_CLOEXEC), 0);
  thread_ = std::thread([this] { Run(); });
}

FaultProxy::~FaultProxy() {
  stop_ = true;
  Set(Fault::kNone);
  thread_.join();
  pairs_.clear();
  for (const int descriptor : {listener_, wake_[0], wake_[1]}) ::close(descriptor);
}

void FaultProxy::Set(Fault fault) {
  fault_ = fault;
  const char byte = 0;
  static_cast<void>(!::write(wake_[1], &byte, 1));  // a full pipe wakes as well
}

void FaultProxy::Run() {
  std::vector<pollfd> descriptors;
  while (!stop_) {
    const Fault fault = fault_;
    Accept();
    std::erase_if(pairs_, [&](const auto& pair) { return !Pass(*pair, fault); });
    Watch(&descriptors);
    ::poll(descriptors.data(), descriptors.size(), fault == Fault::kNone ? 100 : 1);
    char drained[64];
    while (::read(wake_[0], drained, sizeof(drained)) > 0) {}
  }
}

void FaultProxy::Watch(std::vector<pollfd>* descriptors) const {
  descriptors->assign({{listener_, POLLIN, 0}, {wake_[0], POLLIN, 0}});
  for (const auto& pair : pairs_) {
    for (int way = 0; way < 2; ++way) {
      short events = 0;
      if (pair->held_bytes[way] < kHeldMax) events |= POLLIN;
      if (!pair->held[1 - way].empty() && !pair->dead) events |= POLLOUT;
      descriptors->push_back({pair->end[way], events, 0});
    }
  }
}

void FaultProxy::Accept() {
  for (;;) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) return;
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in target = Address(target_host_, target_port_);
    if (::connect(server, Plain(target), sizeof(target)) != 0) {
      ::close(server);
      ::close(client);
      continue;
    }
    SetUp(client);
    SetUp(server);
    auto pair = std::make_unique<Pair>();
    pair->end[0] = client;
    pair->end[1] = server;
    pairs_.push_back(std::move(pair));
  }
}

bool FaultProxy::Pass(Pair& pair, Fault fault) {
  if (fault == Fault::kRefuse) return false;
  if (fault == Fault::kHalfOpen) pair.dead = true;
  return PassOneWay(pair, 0, fault) && PassOneWay(pair, 1, fault);
}

bool FaultProxy::PassOneWay(Pair& pair, int way, Fault fault) {
  char buffer[16384];
  while (pair.held_bytes[way] < kHeldMax) {
    const ssize_t got = ::recv(pair.end[way], buffer, sizeof(buffer), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return false;
    if (got < 0) break;
    if (pair.dead) continue;
    const MonoTime now = SystemClock().Now();
    const auto bytes = static_cast<std::size_t>(got);
    pair.held[way].push_back({fault == Fault::kDelay ? now + kDelay : now, {buffer, bytes}});
    pair.held_bytes[way] += bytes;
  }
  if (pair.dead) pair.held[way].clear();
  while (!pair.held[way].empty() && pair.held[way].front().due <= SystemClock().Now()) {
    std::string& bytes = pair.held[way].front().bytes;
    std::size_t wanted = bytes.size();
    if (fault == Fault::kByteWise) wanted = 1;
    if (fault == Fault::kResetInFrame) wanted = (wanted + 1) / 2;
    const ssize_t put = ::send(pair.end[1 - way], bytes.data(), wanted, MSG_NOSIGNAL);
    if (put < 0) return errno == EAGAIN || errno == EINTR;
    passed_bytes_ += put;
    if (fault == Fault::kResetInFrame) {
      pair.reset = true;
      return false;
    }
    pair.held_bytes[way] -= static_cast<std::size_t>(put);
    bytes.erase(0, static_cast<std::size_t>(put));
    if (bytes.empty()) pair.held[way].pop_front();
  }
  return true;
}

}  // namespace comet
