#include "sdk/src/runtime.h"

#include <pthread.h>
#include <unistd.h>

#include <system_error>
#include <thread>
#include <utility>

#include "remoting/base/check.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/log_sink.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/heartbeat_data.h"
#include "remoting/wire/requests/heartbeat.h"
#include "remoting/wire/requests/unregister_client.h"
#include "sdk/src/at_end.h"
#include "sdk/src/log_delivery.h"
#include "sdk/src/name_space.h"

namespace comet::client {
namespace {

constexpr Duration kNameServersInterval = std::chrono::seconds(2);  // of looks at the file

constexpr Duration kNoThreadPause = std::chrono::seconds(1);
constexpr Duration kBeatAgainPause = std::chrono::seconds(1);
// With the time that a probe may take it bounds how long a half-open connection stops a consumer.
constexpr Duration kSilenceMax = std::chrono::seconds(3);

std::atomic<std::uint32_t> g_instances = 0;  // tells the clients of this process apart
std::atomic<std::uint32_t> g_forks = 0;      // that lie between the first client and this process

// Counts from the first call on; asking the kernel for the process id would be a call for each
// message.
std::uint32_t ForksSeen() {
  static const int watching = ::pthread_atfork(nullptr, nullptr, [] { g_forks.fetch_add(1); });
  COMET_CHECK_EQ(watching, 0);
  return g_forks.load();
}

// Tells processes apart that have the same number, in containers.
std::int64_t NowNs() {
  return SystemClock().Now().time_since_epoch().count();
}

// Unique among the clients of a broker, which closes neither of two with the same name but mixes
// up their groups.
std::string ClientId(const ClientOptions& options, std::uint32_t instance) {
  const std::string name = options.client_name.empty()
                               ? Concat(::getpid(), "#", instance, "#", NowNs())
                               : options.client_name;
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
  if (auto legal = Check(options); !legal) return legal.error();
  auto name_servers = std::make_unique<NameServers>(options);
  auto list = name_servers->Load();
  if (!list) return list.error();
  const std::shared_ptr<Runtime> runtime(new Runtime(std::move(options), std::move(*list)),
                                         Delete());
  if (const Status started = runtime->loops_.TryStart(); !started.ok()) {
    return Error(Errc::busy, Concat(started.message(),
                                    " of this client; raise the limits of the process, or share "
                                    "one client among producers and consumers"));
  }
  runtime->LogThroughOptions();
  runtime->BeatLater();
  if (name_servers->MayChange()) runtime->WatchNameServers(std::move(name_servers));
  return runtime;
}

Runtime::Runtime(ClientOptions options, std::vector<std::string> name_servers)
    : options_(std::move(options)),
      interceptors_(options_.interceptors, options_.log),
      client_id_(ClientId(options_, g_instances.fetch_add(1))),
      ids_(SystemClock(), wire::Host::V4(127, 0, 0, 1, 0), static_cast<std::uint32_t>(::getpid()),
           static_cast<std::uint32_t>(NowNs()) + g_instances.load()),
      forks_before_(ForksSeen()),
      server_requests_(groups_, options_.name_space),
      loops_(LoopOptions(options_)),
      routes_(pool_,
              {.name_servers = std::move(name_servers),
               .name_space = options_.name_space,
               .vip_channel = options_.vip_channel,
               .call_timeout = options_.request_timeout,
               .refresh_interval = options_.route_refresh_interval},
              [this](const std::vector<std::string>& brokers) { Beat(brokers); }),
      pool_(loops_, ConnectionOptions()) {}

Runtime::~Runtime() {
  Close();
}

void Runtime::Close() {
  if (closed_.exchange(true)) return;
  pool_.CloseAll();
  loops_.Stop();  // ends what the worker waits for
  std::unique_ptr<Worker> worker;
  {
    MutexLock lock(mutex_);
    worker.swap(worker_);
  }
}

net::ClientOptions Runtime::ConnectionOptions() {
  net::ClientOptions connections;
  connections.form = options_.binary_headers ? wire::HeaderForm::kBinary : wire::HeaderForm::kJson;
  connections.connect_timeout = options_.connect_timeout;
  connections.router = &server_requests_.router();
  connections.on_state = [this](bool connected) {
    OnState(connected);
  };
  connections.probe_after = kSilenceMax;
  connections.probe = [this](const std::string& address) {
    Beat({address});
  };
  return connections;
}

// A broker that was restarted has forgotten this client.
void Runtime::OnState(bool connected) {
  if (!connected || !groups_.HasConsumers() || beat_due_.exchange(true)) return;
  After(std::chrono::milliseconds(10), [this] {
    beat_due_.store(false);
    Beat(routes_.KnownBrokers());
  });
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
  if (runtime->OnOwnThread()) {
    std::thread([runtime] { delete runtime; }).detach();
  } else {
    delete runtime;
  }
}

bool Runtime::forked() const {
  return g_forks.load(std::memory_order_relaxed) != forks_before_;
}

Result<void> Runtime::RefuseIfForked() const {
  if (!forked()) return {};
  return Error(Errc::closed,
               "this process was forked from the one that made the client: make a new one here");
}

thread_local const Runtime::NoWaitScope* Runtime::NoWaitScope::innermost_ = nullptr;

Result<void> Runtime::MayWait(std::string_view call) {
  if (auto here = RefuseIfForked(); !here) return here;
  if (!OnLoop() && !NoWaitScope::Inside(this)) return {};
  return Error(Errc::invalid_argument,
               Concat(call, " waits and cannot be called inside a callback of this library"));
}

bool Runtime::OnLoop() {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    if (loops_.loop(i).OnOwnerThread()) return true;
  }
  return false;
}

bool Runtime::OnOwnThread() {
  if (OnLoop()) return true;
  MutexLock lock(mutex_);
  return worker_ != nullptr && worker_->OnOwnerThread();
}

void Runtime::After(Duration delay, Task task) {
  loop().Post(
      [this, delay, task = std::move(task)]() mutable { loop().After(delay, std::move(task)); });
}

void Runtime::Work(Task task) {
  MutexLock lock(mutex_);
  if (closed_.load()) return;
  try {
    if (worker_ == nullptr) worker_ = std::make_unique<Worker>("comet-work");
  } catch (const std::system_error& error) {  // the process has too many threads: later again
    Log(Severity::warning, "client", Concat("no thread for work that waits: ", error.what()));
    After(kNoThreadPause, [this, task = std::move(task)]() mutable { Work(std::move(task)); });
    return;
  }
  worker_->Post(std::move(task));
}

void Runtime::AddProducerGroup(const std::string& group) {
  if (groups_.AddProducer(group)) BeatNow();
}

void Runtime::RemoveProducerGroup(const std::string& group) {
  MutexLock telling(telling_);
  if (!groups_.RemoveProducer(group) || closed_.load()) return;
  wire::UnregisterClient::Header header;
  header.client_id = client_id_;
  header.producer_group = group;
  for (const std::string& broker : routes_.KnownBrokers()) {
    ServerAt(broker)->CallOneway<wire::UnregisterClient>(header);
  }
}

Result<void> Runtime::AddConsumer(const std::string& group,
                                  const std::shared_ptr<GroupMember>& member) {
  return groups_.AddConsumer(group, member);
}

void Runtime::RemoveConsumer(const std::string& group, std::function<void()> done) {
  const auto all = AtEnd(std::move(done));
  MutexLock telling(telling_);
  groups_.RemoveConsumer(group);
  if (closed_.load()) return;
  wire::UnregisterClient::Header header;
  header.client_id = client_id_;
  header.consumer_group = group;
  const net::CallOptions call{.timeout = options_.request_timeout};
  for (const std::string& broker : routes_.KnownBrokers()) {
    ServerAt(broker)->Call<wire::UnregisterClient>(
        header, {}, call, [all](const StatusOr<net::Answer<wire::UnregisterClient>>& /*answer*/) {
          // A broker that is not there forgets the client by itself.
        });
  }
}

void Runtime::WatchNameServers(std::unique_ptr<NameServers> source) {
  After(kNameServersInterval, [this, source = std::move(source)]() mutable {
    Work([this, source = std::move(source)]() mutable {
      auto changed = source->Changed();
      if (!changed) {
        Log(Severity::warning, "name servers",
            Concat(changed.error().message(), "; the former list stays"));
      } else if (*changed) {
        routes_.SetNameServers(std::move(**changed));
      }
      WatchNameServers(std::move(source));
    });
  });
}

void Runtime::BeatLater() {
  loop().Post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->loop().After(self->options_.heartbeat_interval, [weak] {
      const auto alive = weak.lock();
      if (!alive || alive->closed_.load()) return;
      alive->BeatNow();
      alive->BeatLater();
    });
  });
}

void Runtime::BeatAgain(const std::string& address) {
  {
    MutexLock lock(mutex_);
    const MonoTime now = SystemClock().Now();
    MonoTime& last = beaten_again_.try_emplace(address, MonoTime::min()).first->second;
    if (last != MonoTime::min() && now - last < kBeatAgainPause) return;
    last = now;
  }
  Beat({address});
}

void Runtime::BeatNow(std::function<void()> done) {
  Beat(routes_.KnownBrokers(), done);
}

void Runtime::Beat(const std::vector<std::string>& brokers, const std::function<void()>& done) {
  const auto all = AtEnd(done);
  if (brokers.empty() || closed_.load()) return;
  MutexLock telling(telling_);
  const wire::HeartbeatData heartbeat = groups_.Heartbeat(client_id_);
  if (heartbeat.producers.empty() && heartbeat.consumers.empty()) return;
  const std::string body = ToJson(heartbeat);
  const net::CallOptions call{.timeout = options_.request_timeout};
  for (const std::string& broker : brokers) {
    ServerAt(broker)->Call<wire::Heartbeat>(
        {}, body, call,
        [weak = weak_from_this(), broker,
         all](const StatusOr<net::Answer<wire::Heartbeat>>& answer) {
          const auto self = weak.lock();
          if (!self || (answer.ok() && answer->ok())) return;
          if (!answer.ok()) {
            self->Log(Severity::info, "heartbeat", Concat(broker, ": ", answer.error().message()));
          } else {
            self->Log(Severity::warning, "heartbeat",
                      Concat(broker, ": code ", answer->code, ", ", answer->remark));
          }
        });
  }
}

void Runtime::Log(Severity severity, std::string_view component, std::string_view text) const {
  DeliverLog(options_.log, severity, component, text);
}

}  // namespace comet::client
