#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "namesrv/handlers.h"
#include "namesrv/kv_table.h"
#include "namesrv/namesrv_config.h"
#include "namesrv/registry.h"
#include "remoting/base/clock.h"
#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"
#include "remoting/base/worker.h"
#include "remoting/net/loop_group.h"
#include "remoting/net/router.h"
#include "remoting/net/server.h"

namespace comet::namesrv {

// One name server: builds its parts in order and takes them down in reverse. Several of them know
// nothing of each other; brokers and clients talk to all.
class Namesrv {
 public:
  // `fs` and `clock` must outlive it. Serves when this returns. Of `net` the limits count; how long
  // a connection may be idle is in `config`.
  static StatusOr<std::unique_ptr<Namesrv>> Start(const NamesrvConfig& config, FileSystem& fs,
                                                  Clock& clock, const net::NetConfig& net = {});
  ~Namesrv();  // stops
  Namesrv(const Namesrv&) = delete;
  Namesrv& operator=(const Namesrv&) = delete;

  std::uint16_t port() const { return server_->port(); }
  const Registry& registry() const { return registry_; }
  void Wake() { loops_.Wake(); }  // for tests that have moved a ManualClock

 private:
  Namesrv(const NamesrvConfig& config, FileSystem& fs, Clock& clock, const net::NetConfig& net,
          std::unique_ptr<KvTable> kv);

  Status Listen();
  void ScheduleScan();
  void Scan();

  Live<NamesrvConfig> settings_;
  std::unique_ptr<KvTable> kv_;
  Registry registry_;
  // Whatever changes the registry runs here, one after the other in the order of arrival, so that
  // a closed connection is never overtaken by the registration it carried.
  Worker worker_;
  net::LoopGroup loops_;
  Handlers handlers_;
  net::Router router_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace comet::namesrv
