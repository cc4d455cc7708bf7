#pragma once

#include <array>
#include <memory>
#include <vector>

#include "broker/client_table.h"
#include "broker/cold_flow_control.h"
#include "broker/group_table.h"
#include "broker/loop_context.h"
#include "broker/offset_keeper.h"
#include "broker/offset_table.h"
#include "broker/queue_locks.h"
#include "broker/stats/stats.h"
#include "broker/store_address.h"
#include "broker/topic_table.h"
#include "remoting/base/allowance.h"
#include "remoting/base/clock.h"
#include "remoting/base/describe_config.h"
#include "remoting/base/executor.h"
#include "remoting/base/file_system.h"
#include "remoting/base/waiting_line.h"
#include "remoting/net/loop_group.h"
#include "remoting/net/router.h"
#include "remoting/wire/message_id.h"
#include "store/meta/meta_store.h"
#include "store/reader.h"
#include "store/store.h"

namespace comet::broker {

class DelayStep;
class HaClient;
class HaServer;
class MasterLog;
class MetadataSync;
class NamesrvLink;
class Settings;

// The parts of a running broker that handlers work with. Built once by Broker, which owns them;
// handlers keep a reference.
struct Context {
  Clock& clock;
  Live<BrokerConfig>& config;
  Settings& settings;
  net::LoopGroup& loops;
  Executor& worker;       // for what may wait: disk writes of the tables
  Executor& cold_worker;  // for reads that wait for the disk
  ColdFlowControl& cold_flow;
  TopicTable& topics;
  NamesrvLink& namesrv;
  GroupTable& groups;
  OffsetTable& offsets;
  OffsetKeeper& offset_keeper;
  ClientTable& clients;
  QueueLocks& locks;
  store::meta::MetaStore& meta;
  store::Store& store;
  const store::Reader& reader;
  const store::DelayTable& delays;
  wire::UniqueIdGenerator& ids;
  Stats& stats;
  FileSystem& fs;
  const StoreAddress& address;
  std::array<const net::Router*, 2> routers;
  std::unique_ptr<WaitingLine> cold_line = std::make_unique<WaitingLine>();  // for cold_worker
  // Requests that wait for the worker to make their topic or group.
  Allowance creations{net::Router::kWorkerQueueMax, net::Router::kWorkerBytesMax};
  std::vector<std::unique_ptr<LoopContext>> by_loop;
  // Set before the loops start.
  const DelayStep* delay_step = nullptr;  // a master's
  HaServer* ha_server = nullptr;          // a master's
  const HaClient* ha_client = nullptr;    // a slave's
  MetadataSync* metadata_sync = nullptr;  // a slave's
  MasterLog* master_log = nullptr;        // a slave's

  LoopContext& At(const net::ConnectionId& connection) { return *by_loop[connection.loop]; }
};

}  // namespace comet::broker
