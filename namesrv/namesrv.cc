#include "namesrv/namesrv.h"

#include <chrono>
#include <utility>

#include "remoting/base/log.h"

namespace comet::namesrv {
namespace {

net::LoopGroupOptions LoopOptions(const NamesrvConfig& config, const net::NetConfig& net,
                                  Clock& clock) {
  net::LoopGroupOptions options;
  options.config = net;
  options.loops = static_cast<std::size_t>(config.loops);
  options.config.idle_close_s = config.idle_close_s;
  options.clock = &clock;
  return options;
}

}  // namespace

StatusOr<std::unique_ptr<Namesrv>> Namesrv::Start(const NamesrvConfig& config, FileSystem& fs,
                                                  Clock& clock, const net::NetConfig& net) {
  COMET_ASSIGN(auto kv, KvTable::Open(fs, config.kv_config_path));
  std::unique_ptr<Namesrv> namesrv(new Namesrv(config, fs, clock, net, std::move(kv)));
  COMET_TRY(namesrv->Listen());
  return namesrv;
}

Namesrv::Namesrv(const NamesrvConfig& config, FileSystem& fs, Clock& clock,
                 const net::NetConfig& net, std::unique_ptr<KvTable> kv)
    : settings_(config),
      kv_(std::move(kv)),
      registry_(clock, settings_),
      worker_("namesrv"),
      loops_(LoopOptions(config, net, clock)),
      handlers_(registry_, *kv_, settings_, fs, clock),
      router_(&worker_, clock) {
  RegisterHandlers(router_, handlers_);
}

Status Namesrv::Listen() {
  COMET_TRY(loops_.TryStart());
  const auto settings = settings_.Get();
  net::ServerOptions options;
  options.address = settings->bind_address;
  options.port = static_cast<std::uint16_t>(settings->listen_port);
  options.on_close = [this](net::ConnectionId connection, const net::Endpoint&) {
    worker_.Post([this, connection] { registry_.ConnectionClosed(connection); });
  };
  COMET_ASSIGN(server_, net::Server::Listen(loops_, router_, std::move(options)));
  loops_.loop(0).Post([this] { ScheduleScan(); });
  return {};
}

Namesrv::~Namesrv() {
  if (server_ != nullptr) server_->Stop();
  worker_.Stop();
  loops_.Stop();
}

void Namesrv::ScheduleScan() {
  const std::chrono::milliseconds interval(settings_.Get()->scan_interval_ms);
  loops_.loop(0).After(interval, [this] {
    worker_.Post([this] { Scan(); });
    ScheduleScan();
  });
}

void Namesrv::Scan() {
  for (const net::ConnectionId connection : registry_.Expire()) {
    loops_.CloseConnection(connection, "its broker sent no heartbeat in time");
  }
}

}  // namespace comet::namesrv
