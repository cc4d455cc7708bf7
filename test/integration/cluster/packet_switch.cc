#include "packet_switch.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <string_view>
#include <utility>

#include "remoting/base/check.h"

namespace comet {
namespace {

constexpr std::size_t kPacketBytesMax = 65536;
constexpr std::size_t kHeldBytesMax = std::size_t{64} << 20;  // then packets are dropped
constexpr int kPacketsAtOnce = 64;  // of one host, before the others have their turn
constexpr std::size_t kDestinationAt = 16, kHeaderBytes = 20;  // of IPv4
constexpr auto kNoPort = static_cast<std::size_t>(-1);

std::uint32_t Number(const std::string& address) {
  in_addr number{};
  COMET_CHECK_EQ(::inet_pton(AF_INET, address.c_str(), &number), 1);
  return number.s_addr;
}

}  // namespace

PacketSwitch::PacketSwitch(std::vector<Port> ports, std::uint64_t seed)
    : ports_(std::move(ports)), random_(seed) {
  COMET_CHECK(ports_.size() <= kMaxHosts);
  for (std::size_t i = 0; i < ports_.size(); ++i) by_address_.emplace(Number(ports_[i].address), i);
  wake_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  COMET_CHECK(wake_ >= 0);
  thread_ = std::thread([this] { Run(); });
}

PacketSwitch::~PacketSwitch() {
  stop_ = true;
  const std::uint64_t one = 1;
  COMET_CHECK_EQ(::write(wake_, &one, sizeof(one)), static_cast<ssize_t>(sizeof(one)));
  thread_.join();
  ::close(wake_);
}

void PacketSwitch::Set(std::size_t a, std::size_t b, Link link) {
  MutexLock lock(mutex_);
  links_.at(a).at(b) = links_.at(b).at(a) = link;
}

Link PacketSwitch::LinkOf(std::size_t a, std::size_t b) const {
  MutexLock lock(mutex_);
  return links_[a][b];
}

void PacketSwitch::Run() {
  while (!stop_) {
    for (std::size_t from = 0; from < ports_.size(); ++from) Take(from);
    DeliverDue();
    Wait();
  }
}

void PacketSwitch::Wait() const {
  std::vector<pollfd> descriptors{{wake_, POLLIN, 0}};
  for (const Port& port : ports_) descriptors.push_back({port.device, POLLIN, 0});
  timespec until_due{};
  if (!held_.empty()) {
    const Duration left = std::max(Duration(), held_.begin()->first - SystemClock().Now());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    until_due = {seconds.count(), (left - seconds).count()};
  }
  ::ppoll(descriptors.data(), descriptors.size(), held_.empty() ? nullptr : &until_due, nullptr);
}

void PacketSwitch::Take(std::size_t from) {
  char packet[kPacketBytesMax];
  for (int i = 0; i < kPacketsAtOnce; ++i) {
    const ssize_t got = ::read(ports_[from].device, packet, sizeof(packet));
    if (got <= 0) return;
    Carry(from, {packet, static_cast<std::size_t>(got)});
  }
}

void PacketSwitch::Carry(std::size_t from, std::string_view packet) {
  const std::size_t to = PortOf(packet);
  if (to == kNoPort) return;  // IPv6's neighbour talk and the like
  const Link link = LinkOf(from, to);
  const bool lost = link.cut || held_bytes_ > kHeldBytesMax ||
                    random_.Below(100) < static_cast<std::uint32_t>(link.lost_percent);
  if (lost) {
    lost_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  if (link.delay == Duration()) return Put(to, packet);
  held_bytes_ += packet.size();
  held_.emplace(SystemClock().Now() + link.delay, Packet{to, std::string(packet)});
}

void PacketSwitch::DeliverDue() {
  while (!held_.empty() && held_.begin()->first <= SystemClock().Now()) {
    const Packet packet = std::move(held_.begin()->second);
    held_.erase(held_.begin());
    held_bytes_ -= packet.bytes.size();
    Put(packet.to, packet.bytes);
  }
}

std::size_t PacketSwitch::PortOf(std::string_view packet) const {
  if (packet.size() < kHeaderBytes || (packet.front() & 0xf0) != 0x40) return kNoPort;
  std::uint32_t destination = 0;
  std::memcpy(&destination, packet.data() + kDestinationAt, sizeof(destination));
  const auto port = by_address_.find(destination);
  return port == by_address_.end() ? kNoPort : port->second;
}

void PacketSwitch::Put(std::size_t to, std::string_view packet) {
  carried_.fetch_add(1, std::memory_order_relaxed);  // before anybody can have it
  if (::write(ports_[to].device, packet.data(), packet.size()) == std::ssize(packet)) return;
  carried_.fetch_sub(1, std::memory_order_relaxed);
  lost_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace comet
