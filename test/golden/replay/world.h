#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "broker/broker.h"
#include "namesrv/namesrv.h"
#include "remoting/base/posix_file_system.h"
#include "test/base/temp_directory.h"
#include "test/golden/golden_frames.h"
#include "test/golden/replay/raw_peer.h"

namespace comet::golden {

// A name server and a broker on free ports, set up as the recorded ones were: the same names and
// settings, and the topics, groups and messages that the clients recorded before had made.
class World {
 public:
  // Recordings of this version of RocketMQ are what it is set up with.
  explicit World(std::string version);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  std::uint16_t PortOf(std::string_view peer) const;  // "ns", "broker", "vip"
  // The bytes of a recorded request, with this world's addresses and times in the place of the
  // recorded ones.
  std::string Translate(const GoldenFrame& frame) const;

 private:
  void StartServers();
  void SendAsRecorded(const std::string& file);
  void WaitForRoute(std::string_view topic);

  const std::string version_;
  TempDirectory directory_;
  PosixFileSystem files_;
  std::unique_ptr<namesrv::Namesrv> namesrv_;
  std::unique_ptr<broker::Broker> broker_;
};

}  // namespace comet::golden
