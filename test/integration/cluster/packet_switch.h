#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/base/random.h"

namespace comet {

// How packets fare between two hosts, both ways.
struct Link {
  bool cut = false;
  Duration delay{};  // one way
  int lost_percent = 0;
};

// Carries IP packets between the TUN devices of hosts, well or badly. One thread; any thread may
// change a link. Packets of a link are not reordered while its delay stays.
class PacketSwitch {
 public:
  struct Port {
    int device = -1;      // a TUN device, not blocking; the caller's
    std::string address;  // IPv4, of the host behind it
  };
  PacketSwitch(std::vector<Port> ports, std::uint64_t seed);
  ~PacketSwitch();
  PacketSwitch(const PacketSwitch&) = delete;
  PacketSwitch& operator=(const PacketSwitch&) = delete;

  void Set(std::size_t a, std::size_t b, Link link) EXCLUDES(mutex_);

  std::int64_t carried() const { return carried_.load(); }
  std::int64_t lost() const { return lost_.load(); }  // on purpose, or for want of room

 private:
  struct Packet {
    std::size_t to = 0;
    std::string bytes;
  };
  static constexpr std::size_t kMaxHosts = 16;

  void Run();
  void Take(std::size_t from);
  void Carry(std::size_t from, std::string_view packet);
  void DeliverDue();
  Link LinkOf(std::size_t a, std::size_t b) const EXCLUDES(mutex_);
  std::size_t PortOf(std::string_view packet) const;
  void Put(std::size_t to, std::string_view packet);
  void Wait() const;

  const std::vector<Port> ports_;
  std::map<std::uint32_t, std::size_t> by_address_;  // network order
  mutable Mutex mutex_;
  std::array<std::array<Link, kMaxHosts>, kMaxHosts> links_ GUARDED_BY(mutex_);
  std::atomic<std::int64_t> carried_ = 0, lost_ = 0;
  std::atomic<bool> stop_ = false;
  int wake_ = -1;

  // The thread's.
  Random random_;
  std::multimap<MonoTime, Packet> held_;
  std::size_t held_bytes_ = 0;
  std::thread thread_;
};

}  // namespace comet
