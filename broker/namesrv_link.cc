#include "broker/namesrv_link.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "remoting/base/crc32.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/register_broker.h"

namespace comet::broker {
namespace {

constexpr std::int64_t kPeriodMsMin = 10'000, kPeriodMsMax = 60'000;
constexpr auto kLeaveTimeout = std::chrono::seconds(1);
// Between two looks at the list of name servers, and two questions for a master that is missing.
constexpr auto kTick = std::chrono::seconds(2);
constexpr std::size_t kWaitingMax = 1000;  // then nobody more waits

net::ClientOptions PoolOptions() {
  net::ClientOptions options;
  options.language = wire::kServerLanguage;
  return options;
}

Duration PeriodOf(const BrokerConfig& config) {
  return std::chrono::milliseconds(
      std::clamp(config.register_period_ms, kPeriodMsMin, kPeriodMsMax));
}

bool Contains(const std::vector<std::string>& servers, const std::string& server) {
  return std::find(servers.begin(), servers.end(), server) != servers.end();
}

}  // namespace

NamesrvLink::NamesrvLink(Parts parts)
    : parts_(parts), pool_(parts.loops, PoolOptions()), list_(parts.fs) {}

void NamesrvLink::Start(std::uint16_t port, std::uint16_t ha_port) {
  const auto config = parts_.config.Get();
  address_ = Concat(config->ip1, ":", port);
  // A name server wants one of slaves too, who do not listen there.
  if (ha_port == 0) ha_port = static_cast<std::uint16_t>(config->ha_listen_port);
  ha_address_ = Concat(config->ip2, ":", ha_port != 0 ? ha_port : port + 1);
  running_ = true;
  parts_.executor.Post([this] { Tick(); });
}

std::vector<std::string> NamesrvLink::servers() const {
  MutexLock lock(mutex_);
  return servers_;
}

void NamesrvLink::Tick() {
  if (!running_) return;
  FollowList();
  if (Seeking() || parts_.clock.Now() >= next_registration_) RegisterAll();
  parts_.executor.After(kTick, [this] { Tick(); });
}

// A slave that nobody has told of its master in the last round; it has nothing to copy from.
bool NamesrvLink::Seeking() const {
  return parts_.config.Get()->id != 0 && master_round_ != round_;
}

void NamesrvLink::OnSettingsChanged() {
  parts_.executor.Post([this] { FollowList(); });
}

void NamesrvLink::FollowList() {
  if (!running_) return;
  const auto former = servers();
  const auto wanted = list_.Read(*parts_.config.Get());
  if (wanted == former) return;
  {
    MutexLock lock(mutex_);
    servers_ = wanted;
  }
  Servers added;
  for (const auto& server : wanted) {
    if (!Contains(former, server)) added.push_back(server);
  }
  for (const auto& server : former) {
    if (!Contains(wanted, server)) Leave(server);
  }
  LOG_INFO << "name servers: " << wanted.size() << ", of which " << added.size() << " are new";
  RegisterAllWith(added);
}

void NamesrvLink::Leave(const std::string& server) {
  const auto config = parts_.config.Get();
  pool_.Get(server)->Call<wire::UnregisterBroker>(
      LeavingHeaderOf(*config), {}, {.timeout = kLeaveTimeout},
      [this, server](const StatusOr<net::Answer<wire::UnregisterBroker>>& answer) {
        LOG_INFO << "name server " << server << " is left"
                 << (answer.ok() ? std::string() : ": " + answer.error().ToString());
        parts_.executor.Post([this, server] {
          if (!Contains(servers(), server)) pool_.Close(server);
        });
      });
}

void NamesrvLink::OnTopicsChanged(std::vector<wire::TopicConfig> changed) {
  if (!running_) return;
  parts_.executor.Post([this, changed = std::move(changed)]() mutable {
    all_changed_ |= changed.empty();
    for (auto& config : changed) {
      const auto name = config.name;
      changed_.insert_or_assign(name, std::move(config));
    }
    // Behind what has been posted meanwhile: a burst of changes is one registration.
    if (!std::exchange(flush_posted_, true)) parts_.executor.Post([this] { RegisterChanged(); });
  });
}

void NamesrvLink::WhenTold(Task then) {
  parts_.executor.Post([this, then = std::move(then)]() mutable {
    if (flush_posted_) return WhenTold(std::move(then));  // behind the registration
    if (waiting_.size() >= kWaitingMax) return then();
    const bool first = waiting_.empty() || waiting_.back().round < round_;
    waiting_.push_back({round_, std::move(then)});
    RunTold();
    if (waiting_.empty() || !first) return;
    parts_.executor.After(parts_.told_within, [this, round = round_] { ExpectNoMore(round); });
  });
}

void NamesrvLink::OnAnswered(std::uint64_t round, const std::string& server, bool reached) {
  if (reached) silent_.erase(server);
  const auto it = unanswered_.find(round);
  if (it == unanswered_.end()) return;
  it->second.erase(server);
  if (it->second.empty()) unanswered_.erase(it);
  RunTold();
}

void NamesrvLink::ExpectNoMore(std::uint64_t round) {
  while (!unanswered_.empty() && unanswered_.begin()->first <= round) {
    silent_.merge(unanswered_.begin()->second);
    unanswered_.erase(unanswered_.begin());
  }
  RunTold();
}

void NamesrvLink::RunTold() {
  while (!waiting_.empty() &&
         (unanswered_.empty() || waiting_.front().round < unanswered_.begin()->first)) {
    Task then = std::move(waiting_.front().then);
    waiting_.pop_front();
    then();
  }
}

void NamesrvLink::RegisterChanged() {
  flush_posted_ = false;
  if (all_changed_) return RegisterAll();
  wire::TopicConfigTable table;
  table.data_version = parts_.topics.version();
  table.topics = std::move(changed_);
  changed_.clear();
  Register(table, servers());
}

void NamesrvLink::RegisterAll() {
  all_changed_ = false;
  changed_.clear();
  next_registration_ = parts_.clock.Now() + PeriodOf(*parts_.config.Get());
  RegisterAllWith(servers());
}

void NamesrvLink::RegisterAllWith(const Servers& servers) {
  if (servers.empty()) return;
  wire::TopicConfigTable table;
  table.data_version = parts_.topics.version();
  for (const auto& topic : parts_.topics.All()) table.topics[topic->name()] = topic->config();
  Register(table, servers);
}

wire::RegisterBroker::Header NamesrvLink::HeaderOf(const BrokerConfig& config) const {
  wire::RegisterBroker::Header header;
  header.broker_name = config.name;
  header.broker_addr = address_;
  header.cluster_name = config.cluster;
  header.ha_addr = ha_address_;
  header.broker_id = config.id;
  header.acting_master = false;
  return header;
}

wire::UnregisterBroker::Header NamesrvLink::LeavingHeaderOf(const BrokerConfig& config) const {
  wire::UnregisterBroker::Header header;
  header.broker_name = config.name;
  header.broker_addr = address_;
  header.cluster_name = config.cluster;
  header.broker_id = config.id;
  return header;
}

void NamesrvLink::Register(const wire::TopicConfigTable& table, const Servers& servers) {
  if (!running_ || servers.empty()) return;
  const auto config = parts_.config.Get();
  wire::RegisterBrokerBody body{table, {}};
  for (auto& [name, topic] : body.topics.topics) topic.perm &= config->permission | 1;
  auto header = HeaderOf(*config);
  header.compressed = config->compressed_register;
  const auto text = header.compressed ? wire::CompressRegisterBroker(body, true) : ToJson(body);
  header.body_crc32 = BodyCrc32(text);
  const net::CallOptions options{.timeout = std::chrono::milliseconds(config->register_timeout_ms)};
  const auto round = ++round_;
  for (const auto& server : servers) {
    if (silent_.count(server) == 0) unanswered_[round].insert(server);
  }
  for (const auto& server : servers) {
    pool_.Get(server)->Call<wire::RegisterBroker>(
        header, text, options,
        [this, server, round](StatusOr<net::Answer<wire::RegisterBroker>> answer) {
          parts_.executor.Post(
              [this, round, server, reached = answer.ok()] { OnAnswered(round, server, reached); });
          if (!answer.ok()) {
            LOG_WARN_LIMITED << "name server " << server
                             << " was not reached: " << answer.error().ToString();
          } else if (!answer->ok()) {
            LOG_WARN << "name server " << server << " refused the registration: " << answer->code
                     << " " << answer->remark;
          } else if (!answer->reply.master_addr.empty()) {
            parts_.executor.Post(
                [this, round, address = std::string(answer->reply.master_addr),
                 ha = std::string(answer->reply.ha_addr)] { OnMaster(round, address, ha); });
          }
        });
  }
}

// The first answer of a round holds, so that name servers which know different masters do not make
// the slave go to and fro with each of their answers.
void NamesrvLink::OnMaster(std::uint64_t round, std::string address, std::string ha_address) {
  if (!running_ || parts_.config.Get()->id == 0 || round <= master_round_) return;
  if (address == address_) return;  // this broker's own former life as a master
  const bool other = address != master_ || ha_address != master_ha_;
  const auto now = parts_.clock.Now();
  const bool named_lately = now - master_named_at_ < 2 * PeriodOf(*parts_.config.Get());
  if (other && named_lately && master_in_use_ && master_in_use_()) return;
  master_round_ = round;
  master_named_at_ = now;
  if (!other) return;
  master_ = std::move(address);
  master_ha_ = std::move(ha_address);
  LOG_INFO << "the master is at " << master_ << ", for replication at " << master_ha_;
  if (on_master_) on_master_(master_, master_ha_);
}

void NamesrvLink::Stop() {
  if (!running_.exchange(false)) return;
  // Who waits is answered, if there is time, while there are connections.
  parts_.executor.Post([this] { ExpectNoMore(round_); });
  const auto config = parts_.config.Get();
  const auto header = LeavingHeaderOf(*config);
  for (const auto& server : servers()) {
    const auto answer = pool_.Get(server)->CallAndWait<wire::UnregisterBroker>(
        header, {}, {.timeout = kLeaveTimeout});
    if (!answer.ok()) {
      LOG_WARN << "name server " << server
               << " was not told of the stop: " << answer.error().ToString();
    }
  }
  pool_.CloseAll();
}

}  // namespace comet::broker
