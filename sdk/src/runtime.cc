#include "sdk/src/runtime.h"

#include <unistd.h>

#include <cstdlib>
#include <thread>
#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/log_sink.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/heartbeat_data.h"
#include "remoting/wire/requests/heartbeat.h"
#include "remoting/wire/requests/unregister_client.h"
#include "sdk/src/log_delivery.h"
#include "sdk/src/name_space.h"

namespace comet::client {
namespace {

std::atomic<std::uint32_t> g_instances = 0;  // tells the clients of this process apart

// Unique among the clients of a broker, which closes neither of two with the same name but mixes
// up their groups.
std::string ClientId(const ClientOptions& options, std::uint32_t instance) {
  const std::string name =
      options.client_name.empty() ? Concat(::getpid(), "#", instance) : options.client_name;
  char host[256] = "localhost";
  ::gethostname(host, sizeof(host) - 1);
  const std::string id = Concat(std::string_view(host), "@", name);
  return options.unit_name.empty() ? id : Concat(id, "@", options.unit_name);
}

Severity SeverityOf(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo:
      return Severity::info;
    case LogLevel::kWarning:
      return Severity::warning;
    case LogLevel::kError:
      break;
  }
  return Severity::error;
}

net::LoopGroupOptions LoopOptions(const ClientOptions& options) {
  net::LoopGroupOptions loops;
  loops.loops = static_cast<std::size_t>(options.io_threads);
  loops.name = "comet";
  return loops;
}

net::ClientOptions ConnectionOptions(const ClientOptions& options) {
  net::ClientOptions connections;
  connections.form = options.binary_headers ? wire::HeaderForm::kBinary : wire::HeaderForm::kJson;
  connections.connect_timeout = options.connect_timeout;
  return connections;
}

Result<void> Check(const ClientOptions& options) {
  if (options.io_threads < 1 || options.io_threads > 64) {
    return Error(Errc::invalid_argument,
                 Concat("io_threads is ", options.io_threads, ", not between 1 and 64"));
  }
  if (options.request_timeout.count() <= 0 || options.connect_timeout.count() <= 0 ||
      options.heartbeat_interval.count() <= 0 || options.route_refresh_interval.count() <= 0) {
    return Error(Errc::invalid_argument, "timeouts and intervals must be positive");
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<Runtime>> Runtime::Start(ClientOptions options) {
  if (options.namesrv.empty()) {
    const char* from_environment = std::getenv("NAMESRV_ADDR");  // NOLINT(concurrency-mt-unsafe)
    if (from_environment != nullptr) options.namesrv = from_environment;
  }
  if (auto legal = Check(options); !legal) return legal.error();
  auto name_servers = ParseNameServers(options.namesrv);
  if (!name_servers) return name_servers.error();
  const std::shared_ptr<Runtime> runtime(new Runtime(std::move(options), std::move(*name_servers)),
                                         Delete());
  runtime->loops_.Start();
  runtime->LogThroughOptions();
  runtime->BeatLater();
  return runtime;
}

Runtime::Runtime(ClientOptions options, std::vector<std::string> name_servers)
    : options_(std::move(options)),
      interceptors_(options_.interceptors, options_.log),
      client_id_(ClientId(options_, g_instances.fetch_add(1))),
      ids_(SystemClock(), wire::Host::V4(127, 0, 0, 1, 0), static_cast<std::uint32_t>(::getpid()),
           g_instances.load()),
      loops_(LoopOptions(options_)),
      routes_(pool_, std::move(name_servers), options_.name_space, options_.request_timeout,
              options_.route_refresh_interval,
              [this](const std::vector<std::string>& brokers) { Beat(brokers); }),
      pool_(loops_, ConnectionOptions(options_)) {}

Runtime::~Runtime() {
  Close();
}

void Runtime::Close() {
  if (closed_.exchange(true)) return;
  pool_.CloseAll();
  loops_.Stop();
}

// What the connections have to say goes where the options want it, and not to a log of ours.
void Runtime::LogThroughOptions() {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    loops_.loop(i).Post([log = options_.log] {
      SetThreadLogSink([log](LogLevel level, std::string_view text) {
        DeliverLog(log, SeverityOf(level), "connection", text);
      });
    });
  }
}

void Runtime::Delete::operator()(Runtime* runtime) const {
  if (runtime->OnLoop()) {
    std::thread([runtime] { delete runtime; }).detach();
  } else {
    delete runtime;
  }
}

Result<void> Runtime::MayWait(std::string_view call) {
  if (!OnLoop()) return {};
  return Error(Errc::invalid_argument,
               Concat(call, " waits and cannot be called inside a callback of this library"));
}

bool Runtime::OnLoop() {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    if (loops_.loop(i).OnOwnerThread()) return true;
  }
  return false;
}

void Runtime::AddProducerGroup(const std::string& group) {
  {
    MutexLock lock(mutex_);
    if (++producer_groups_[group] > 1) return;
  }
  Beat(routes_.KnownBrokers());
}

void Runtime::RemoveProducerGroup(const std::string& group) {
  {
    MutexLock lock(mutex_);
    const auto found = producer_groups_.find(group);
    if (found == producer_groups_.end() || --found->second > 0) return;
    producer_groups_.erase(found);
  }
  if (closed_.load()) return;
  wire::UnregisterClient::Header header;
  header.client_id = client_id_;
  header.producer_group = group;
  for (const std::string& broker : routes_.KnownBrokers()) {
    ServerAt(broker)->CallOneway<wire::UnregisterClient>(header);
  }
}

void Runtime::BeatLater() {
  loop().Post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->loop().After(self->options_.heartbeat_interval, [weak] {
      const auto alive = weak.lock();
      if (!alive || alive->closed_.load()) return;
      alive->Beat(alive->routes_.KnownBrokers());
      alive->BeatLater();
    });
  });
}

void Runtime::Beat(const std::vector<std::string>& brokers) {
  if (brokers.empty() || closed_.load()) return;
  wire::HeartbeatData heartbeat;
  heartbeat.client_id = client_id_;
  {
    MutexLock lock(mutex_);
    for (const auto& [group, users] : producer_groups_) heartbeat.producers.push_back({group});
  }
  if (heartbeat.producers.empty()) return;
  const std::string body = ToJson(heartbeat);
  for (const std::string& broker : brokers) {
    ServerAt(broker)->Call<wire::Heartbeat>(
        {}, body, {},
        [weak = weak_from_this(), broker](const StatusOr<net::Answer<wire::Heartbeat>>& answer) {
          const auto self = weak.lock();
          if (self && !answer.ok()) {
            self->Log(Severity::info, "heartbeat", Concat(broker, ": ", answer.error().message()));
          }
        });
  }
}

void Runtime::Log(Severity severity, std::string_view component, std::string_view text) const {
  DeliverLog(options_.log, severity, component, text);
}

}  // namespace comet::client
