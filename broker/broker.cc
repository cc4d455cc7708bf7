#include "broker/broker.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "broker/ack_router.h"
#include "broker/arrival_router.h"
#include "broker/context.h"
#include "broker/delay/delay_step.h"
#include "broker/ha/ha_client.h"
#include "broker/ha/ha_server.h"
#include "broker/handlers.h"
#include "broker/housekeeping.h"
#include "broker/member_notice.h"
#include "broker/metrics/exporter.h"
#include "broker/namesrv_link.h"
#include "broker/settings.h"
#include "broker/slave/master_log.h"
#include "broker/slave/metadata_sync.h"
#include "broker/slave/slave_items.h"
#include "broker/store_address.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/base/worker.h"
#include "remoting/net/loop_group.h"
#include "remoting/net/router.h"
#include "remoting/net/server.h"
#include "store/meta/json_import.h"
#include "store/meta/meta_store.h"
#include "store/store.h"
#include "store/store_threads.h"

namespace comet::broker {
namespace {

constexpr auto kAckExpiry = std::chrono::milliseconds(100);
constexpr auto kFollowPatience = std::chrono::seconds(3);  // with replicas, at an orderly stop

// One loop up to 3 processors, half of the processors beyond, 9 at most: the store's threads need
// the rest.
std::int32_t LoopsFor(std::int32_t wanted) {
  if (wanted > 0) return wanted;
  const auto processors = static_cast<std::int32_t>(std::thread::hardware_concurrency());
  return processors < 4 ? 1 : std::min(processors / 2, 9);
}

net::LoopGroupOptions LoopOptions(const BrokerOptions& options) {
  net::LoopGroupOptions loops;
  loops.loops = static_cast<std::size_t>(LoopsFor(options.broker.loops));
  loops.config = options.net;
  loops.clock = &options.clock;
  return loops;
}

net::LoopGroupOptions HaLoopOptions(const BrokerOptions& options) {
  net::LoopGroupOptions loops;
  loops.name = "ha";
  loops.clock = &options.clock;
  return loops;
}

std::uint32_t ProcessTag(Clock& clock) {
  return static_cast<std::uint32_t>(clock.WallNow() ^ clock.Now().time_since_epoch().count());
}

}  // namespace

// In the order of construction; destroyed in reverse.
struct Broker::Parts {
  Parts(BrokerOptions given, const wire::Host& ip)
      : options(std::move(given)),
        live(options.broker),
        loops(LoopOptions(options)),
        ha_loops(HaLoopOptions(options)),
        address(ip),
        ids(options.clock, ip, static_cast<std::uint32_t>(ProcessTag(options.clock) >> 16),
            ProcessTag(options.clock)),
        main_router(&admin_worker, options.clock),
        vip_router(&admin_worker, options.clock) {}
  ~Parts() { static_cast<void>(Stop()); }

  Status Start();
  Status OpenStore();
  Status OpenMeta();
  Status LoadTables();
  void BuildLoops();
  // Whether the loop writes the log: when it is the only one, and no write is followed by a sync.
  bool inline_appender() const { return loops.size() == 1 && !options.store.sync_flush(); }
  void ExpireAcks();
  Status BuildDelays();
  Status BuildHa();
  std::uint16_t ha_port() const { return ha_server ? ha_server->port() : 0; }
  Status Listen();
  Status ExportMetrics();
  void SettleLog();
  Status Stop();

  net::ServerOptions ServerOn(std::uint16_t port);

  BrokerOptions options;
  Live<BrokerConfig> live;
  net::LoopGroup loops;
  net::LoopGroup ha_loops;  // one loop, of replication only
  StoreAddress address;
  wire::UniqueIdGenerator ids;
  QueueLocks locks{options.clock};
  ClientTable clients{options.clock, options.broker.client_expiry_ms};
  OffsetTable offsets;

  Worker store_worker{"store"};  // prepares log files: long writes
  Worker cold_worker{"cold"};    // reads that wait for the disk
  ColdFlowControl cold_flow{options.clock};
  Worker admin_worker{"admin"};  // requests of Lane::kWorker
  Worker timer_worker{"timer"};  // delays, housekeeping
  Worker namesrv_worker{"namesrv"};

  std::optional<AckRouter> acks;
  std::optional<ArrivalRouter> arrivals;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::meta::MetaStore> meta;
  std::optional<store::DelayTable> delay_table;
  std::optional<TopicTable> topics;
  std::optional<GroupTable> groups;
  std::optional<OffsetKeeper> offset_keeper;
  std::optional<MemberNotice> notice;
  std::optional<Stats> stats;
  std::optional<Settings> settings;
  std::optional<Context> context;
  std::optional<Handlers> handlers;
  net::Router main_router, vip_router;
  std::optional<DelayStep> delays;
  std::optional<Housekeeping> housekeeping;
  std::optional<NamesrvLink> namesrv;
  HaMetrics ha_metrics;
  std::unique_ptr<HaServer> ha_server;          // of a master
  std::unique_ptr<HaClient> ha_client;          // of a slave
  std::optional<MasterLog> master_log;          // of a slave
  std::unique_ptr<MetadataSync> metadata_sync;  // of a slave
  std::unique_ptr<store::StoreThreads> threads;
  std::unique_ptr<net::Server> main_server, vip_server;
  std::unique_ptr<Exporter> exporter;
  bool stopped = false;
};

Status Broker::Parts::Start() {
  COMET_TRY(OpenStore());
  COMET_TRY(OpenMeta());
  COMET_TRY(LoadTables());
  BuildLoops();
  COMET_TRY(BuildDelays());
  COMET_TRY(BuildHa());
  if (inline_appender()) {
    // Its own batches it steps at the end of the iteration anyhow.
    store->appender().wake().Connect([&loop = loops.loop(0)] {
      if (!loop.OnOwnerThread()) loop.Wake();
    });
  }
  threads = std::make_unique<store::StoreThreads>(
      *store, store_worker, store::StoreThreads::Options{.own_appender = !inline_appender()});
  COMET_TRY(loops.TryStart());
  COMET_TRY(ha_loops.TryStart());
  if (options.store.sync_flush() || options.broker.is_sync_master()) {
    loops.loop(0).Post([this] { ExpireAcks(); });
  }
  COMET_TRY(Listen());
  COMET_TRY(ExportMetrics());
  housekeeping->Start();
  stats->Start();
  namesrv->Start(main_server->port(), ha_port());
  return {};
}

// Answers and arrivals go to the loop they belong to; the place behind the loops is the delay
// step's. Both are only sent once loops have staged or parked something.
Status Broker::Parts::OpenStore() {
  std::vector<AckRouter::Deliver> ack_places;
  std::vector<ArrivalRouter::Deliver> arrival_places;
  for (std::size_t i = 0; i < loops.size(); ++i) {
    // The loop that steps the appender has its answers in the same iteration.
    ack_places.push_back([this, i](std::vector<store::Ack> batch) {
      auto& loop = loops.loop(i);
      if (loop.OnOwnerThread()) {
        return handlers->send_message.OnAcks(*context->by_loop[i], batch);
      }
      loop.Post([this, i, batch = std::move(batch)] {
        handlers->send_message.OnAcks(*context->by_loop[i], batch);
      });
    });
    arrival_places.push_back([this, i](std::vector<LongPoll::Arrival> batch) {
      loops.loop(i).Post([this, i, batch = std::move(batch)] {
        context->by_loop[i]->long_poll.OnArrivals(batch);
      });
    });
  }
  arrival_places.push_back(
      [this](const std::vector<LongPoll::Arrival>&) { housekeeping->WakeDelays(); });
  acks.emplace(std::move(ack_places));
  arrivals.emplace(std::move(arrival_places));
  store::ReaderOptions reading;
  reading.hot_distance_bytes = HotDistance(options.broker, MachineMemory());
  store::StoreConfig log_settings = options.store;
  log_settings.replica = options.broker.is_slave();
  COMET_ASSIGN(store,
               store::Store::Open({options.fs, options.clock, store_worker, *acks, *arrivals},
                                  std::move(log_settings), reading));
  COMET_ASSIGN(auto table, store::DelayTable::Parse(options.store.delay_levels));
  delay_table.emplace(std::move(table));
  return {};
}

Status Broker::Parts::OpenMeta() {
  store::meta::MetaStoreOptions where;
  where.directory = options.store.root + "/meta";
  COMET_ASSIGN(meta, store::meta::MetaStore::Open(where));
  COMET_ASSIGN(const auto report,
               store::meta::ImportJson(options.fs, options.store.root + "/config", *meta));
  if (report.imported) {
    LOG_INFO << "imported " << report.topics << " topics, " << report.groups << " groups, "
             << report.consumer_offsets << " consumer offsets from " << options.store.root
             << "/config";
  }
  for (const auto& note : report.notes) LOG_WARN << note;
  return {};
}

Status Broker::Parts::LoadTables() {
  const auto role = options.broker.role;
  topics.emplace(options.clock, *meta, role);
  groups.emplace(options.clock, *meta, role);
  COMET_TRY(topics->Load());
  COMET_TRY(groups->Load());
  if (!options.broker.is_slave()) {
    COMET_TRY(topics->CreateSystemTopics(options.broker, delay_table->levels()));
    COMET_TRY(groups->CreateSystemGroups());
  }
  COMET_ASSIGN(const auto stored, meta->ConsumerOffsets());
  for (const auto& offset : stored) offsets.Restore(offset);
  offset_keeper.emplace(options.clock, offsets, *meta);
  if (!options.broker.is_slave()) {
    if (const auto lost = offset_keeper->ForgetUnstored(store->queues()); lost > 0) {
      LOG_WARN << lost << " consumer offsets lay behind the end of their queues, and go on there";
    }
  }
  notice.emplace(loops, *groups, live);
  namesrv.emplace(
      NamesrvLink::Parts{loops, namesrv_worker, *topics, live, options.fs, options.clock});
  topics->SetListener([this](std::vector<wire::TopicConfig> changed) {
    namesrv->OnTopicsChanged(std::move(changed));
  });
  return {};
}

void Broker::Parts::BuildLoops() {
  stats.emplace(
      Stats::Parts{options.clock, timer_worker, store->metrics(), options.broker.cluster});
  settings.emplace(Settings::Parts{options.fs, options.clock, options.config_file, live,
                                   [this](const auto& changed) {
                                     store->Change(changed);
                                     namesrv->OnSettingsChanged();
                                   }},
                   options.broker, options.store, options.net);
  context.emplace(Context{.clock = options.clock,
                          .config = live,
                          .settings = *settings,
                          .loops = loops,
                          .worker = admin_worker,
                          .cold_worker = cold_worker,
                          .cold_flow = cold_flow,
                          .topics = *topics,
                          .namesrv = *namesrv,
                          .groups = *groups,
                          .offsets = offsets,
                          .offset_keeper = *offset_keeper,
                          .clients = clients,
                          .locks = locks,
                          .meta = *meta,
                          .store = *store,
                          .reader = store->reader(),
                          .delays = *delay_table,
                          .ids = ids,
                          .stats = *stats,
                          .fs = options.fs,
                          .address = address,
                          .routers = {&main_router, &vip_router},
                          .by_loop = {}});
  handlers.emplace(*context, *notice);
  RegisterHandlers(main_router, vip_router, *handlers, options.broker.is_slave());
  for (std::size_t i = 0; i < loops.size(); ++i) {
    auto& loop = loops.loop(i);
    context->by_loop.push_back(std::make_unique<LoopContext>(
        static_cast<std::uint32_t>(i), loop, options.clock, store->NewStager(), *topics, *groups,
        live, [this] { threads->WakeDispatcher(); }));
    LoopContext& own = *context->by_loop.back();
    stats->Watch(loop, own.stats);
    loop.AtIterationEnd([this, &own, stepped = inline_appender()] {
      own.TakeConfig(live);
      own.stager->Submit();
      while (stepped && store->appender().Step()) {
        own.dispatch.Stored(store->appender().awaited());
      }
    });
    loop.AtOutput([&own] { own.dispatch.AtOutput(); });
  }
}

// By a loop: every worker may be waiting for the very disk that answers are late for.
void Broker::Parts::ExpireAcks() {
  store->tracker().Expire(options.clock.Now());
  loops.loop(0).After(kAckExpiry, [this] { ExpireAcks(); });
}

// Delayed messages are delivered where messages are written.
Status Broker::Parts::BuildDelays() {
  if (!options.broker.is_slave()) {
    const auto place = static_cast<std::uint32_t>(loops.size());
    delays.emplace(DelayStep::Parts{options.clock, timer_worker, *store, store->reader(), *topics,
                                    *delay_table, *meta, live, place, [this] {
                                      housekeeping->WakeDelays();
                                    }});
    context->delay_step = &*delays;
    COMET_TRY(delays->Load());
  }
  auto* step = delays ? &*delays : nullptr;
  housekeeping.emplace(Housekeeping::Parts{*context, timer_worker, step, *notice});
  return {};
}

// Before the threads that move the log, and before the ha loop.
Status Broker::Parts::BuildHa() {
  const auto& config = options.broker;
  if (config.is_slave()) {
    ha_client = std::make_unique<HaClient>(HaClient::Parts{ha_loops, *store, live, ha_metrics});
    context->ha_client = ha_client.get();
    store->follower().FlushAtOnce(config.ha_ack_flushed);
    auto& log = store->log();
    auto& moved = config.ha_ack_flushed ? log.flushed_moved() : log.end_moved();
    moved.Connect([this] { ha_client->OnLogMoved(); });
    context->master_log = &master_log.emplace(options.clock, [this] {
      return live.Get()->ha_ack_flushed ? store->log().flushed() : store->log().end();
    });
    metadata_sync = std::make_unique<MetadataSync>(MetadataSync::Parts{loops, options.clock},
                                                   SlaveItems(*context));
    context->metadata_sync = metadata_sync.get();
    ha_client->SetCopyListener([this] {
      const auto requests = ha_client->view().requests;
      if (!requests.empty()) metadata_sync->SetMaster(requests);
      metadata_sync->RunSoon();
    });
    // Readers of a topic that the slave does not know cannot have what was copied of it.
    store->follower().SetQueueListener([this](std::string_view name, std::int32_t queue_id) {
      const auto topic = topics->Find(name);
      if (topic == nullptr || queue_id >= topic->queues()) metadata_sync->RunSoon();
    });
    namesrv->SetMasterInUse([this] { return ha_client->view().copies; });
    namesrv->SetMasterListener([this](std::string master, std::string ha_master) {
      metadata_sync->SetMaster(master);
      ha_client->SetMaster(std::move(master), std::move(ha_master));
    });
    return {};
  }
  COMET_ASSIGN(ha_server,
               HaServer::Listen({ha_loops, *store, live, ha_metrics}, config.bind_address,
                                static_cast<std::uint16_t>(config.ha_listen_port)));
  context->ha_server = ha_server.get();
  store->log().visible_moved().Connect([this] { ha_server->OnLogMoved(); });
  return {};
}

net::ServerOptions Broker::Parts::ServerOn(std::uint16_t port) {
  net::ServerOptions server;
  server.address = options.broker.bind_address;
  server.port = port;
  server.on_close = [this](net::ConnectionId connection, const net::Endpoint&) {
    context->At(connection).long_poll.Forget(connection);
    // In the lane of heartbeats, so that none of this connection's comes after it.
    admin_worker.Post([this, connection] { notice->Send(clients.OnClosed(connection)); });
  };
  return server;
}

Status Broker::Parts::Listen() {
  const auto port = options.broker.listen_port;
  COMET_ASSIGN(main_server,
               net::Server::Listen(loops, main_router, ServerOn(static_cast<std::uint16_t>(port))));
  address.SetPort(main_server->port());
  const auto vip = port == 0 ? 0 : port - 2;
  COMET_ASSIGN(vip_server,
               net::Server::Listen(loops, vip_router, ServerOn(static_cast<std::uint16_t>(vip))));
  return {};
}

// It looks at all the others, so it is the last to come and the first to go.
Status Broker::Parts::ExportMetrics() {
  if (options.broker.metrics_output == MetricsOutput::kDisable) return {};
  COMET_ASSIGN(exporter, Exporter::Start({*context, ha_metrics}));
  return {};
}

// When this returns, what came in before the servers stopped is written, and on its way to the
// disk.
void Broker::Parts::SettleLog() {
  const auto await_task = [](auto&& post) {
    std::promise<void> ran;
    auto future = ran.get_future();  // ends early for a loop that has ended
    post([ran = std::move(ran)]() mutable { ran.set_value(); });
    future.wait_for(kFollowPatience);
  };
  for (std::size_t i = 0; i < loops.size(); ++i) {  // behind the iterations that staged it
    await_task([&](auto task) { loops.loop(i).Post(std::move(task)); });
  }
  await_task([&](auto task) { store->appender().Between(std::move(task)); });
  store->flusher().Request();
}

Status Broker::Parts::Stop() {
  if (std::exchange(stopped, true)) return {};
  exporter.reset();
  if (namesrv) namesrv->Stop();
  if (metadata_sync) metadata_sync->Stop();
  if (ha_client) ha_loops.Stop();
  if (vip_server) vip_server->Stop();
  if (main_server) main_server->Stop();
  namesrv_worker.Stop();
  timer_worker.Stop();
  admin_worker.Stop();
  cold_worker.Stop();
  if (ha_server && main_server) {
    SettleLog();
    ha_server->LetFollow(kFollowPatience);
  }
  loops.Stop();
  ha_loops.Stop();
  if (threads) threads->Stop();
  Status first;
  const auto keep = [&first](Status status) {
    if (first.ok() && !status.ok()) first = std::move(status);
  };
  if (store && housekeeping) keep(store->Close());  // delayed messages that wait are stored now
  if (housekeeping) {
    keep(housekeeping->PersistOffsets());
    keep(housekeeping->PersistDelays());
  }
  if (meta) keep(meta->Sync());
  store_worker.Stop();
  main_server.reset();
  vip_server.reset();
  return first;
}

Broker::Broker(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Broker::~Broker() {
  static_cast<void>(Stop());
}

StatusOr<std::unique_ptr<Broker>> Broker::Start(BrokerOptions options) {
  CompleteFromMachine(&options.broker);
  COMET_TRY(options.broker.Check());
  COMET_ASSIGN(const auto ip, ParseIp(options.broker.ip1));
  auto parts = std::make_unique<Parts>(std::move(options), ip);
  COMET_TRY(parts->Start());
  return std::unique_ptr<Broker>(new Broker(std::move(parts)));
}

Status Broker::Stop() {
  return parts_->Stop();
}
std::uint16_t Broker::port() const {
  return parts_->main_server->port();
}
std::uint16_t Broker::ha_port() const {
  return parts_->ha_port();
}
std::uint16_t Broker::vip_port() const {
  return parts_->vip_server->port();
}
std::uint16_t Broker::metrics_port() const {
  return parts_->exporter ? parts_->exporter->port() : 0;
}
const BrokerConfig& Broker::config() const {
  return parts_->options.broker;
}
Context& Broker::context() {
  return *parts_->context;
}

}  // namespace comet::broker
