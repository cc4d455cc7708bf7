#include "broker/namesrv_link.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <memory>
#include <utility>

#include "remoting/base/crc32.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/net/endpoint.h"
#include "remoting/net/resolver.h"
#include "remoting/wire/bodies/register_broker.h"
#include "remoting/wire/requests/unregister_broker.h"

namespace comet::broker {
namespace {

constexpr std::int64_t kPeriodMsMin = 10'000, kPeriodMsMax = 60'000;
constexpr auto kLeaveTimeout = std::chrono::seconds(1);

net::ClientOptions PoolOptions() {
  net::ClientOptions options;
  options.language = wire::kServerLanguage;
  return options;
}

bool IsHostName(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
  });
}

}  // namespace

std::vector<std::string> NamesrvLink::ParseAddresses(std::string_view text) {
  std::vector<std::string> servers;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(";,"), text.size());
    auto one = text.substr(0, end);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (!one.empty()) servers.emplace_back(one);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return servers;
}

Status NamesrvLink::CheckAddresses(std::string_view text) {
  for (const auto& address : ParseAddresses(text)) {
    COMET_ASSIGN(const auto target, net::ParseHostPort(address));
    if (!IsHostName(target.host) && !net::NumericAddress(target.host, target.port).ok()) {
      return {Status::Code::kInvalid, Concat("'", address, "' has no host name or IP address")};
    }
  }
  return {};
}

NamesrvLink::NamesrvLink(Parts parts)
    : parts_(parts),
      servers_(ParseAddresses(parts.config.Get()->namesrv_addr)),
      pool_(parts.loops, PoolOptions()) {}

void NamesrvLink::Start(std::uint16_t port) {
  const auto config = parts_.config.Get();
  address_ = Concat(config->ip1, ":", port);
  ha_address_ = Concat(config->ip2, ":", config->ha_listen_port);
  running_ = true;
  parts_.executor.Post([this] {
    RegisterAll();
    Schedule();
  });
}

void NamesrvLink::Schedule() {
  const auto period_ms =
      std::clamp(parts_.config.Get()->register_period_ms, kPeriodMsMin, kPeriodMsMax);
  parts_.executor.After(std::chrono::milliseconds(period_ms), [this] {
    RegisterAll();
    Schedule();
  });
}

void NamesrvLink::OnTopicsChanged(std::vector<wire::TopicConfig> changed) {
  if (!running_ || servers_.empty()) return;
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

void NamesrvLink::RegisterChanged() {
  flush_posted_ = false;
  if (all_changed_) return RegisterAll();
  wire::TopicConfigTable table;
  table.data_version = parts_.topics.version();
  table.topics = std::move(changed_);
  changed_.clear();
  Register(table);
}

void NamesrvLink::RegisterAll() {
  all_changed_ = false;
  changed_.clear();
  wire::TopicConfigTable table;
  table.data_version = parts_.topics.version();
  for (const auto& topic : parts_.topics.All()) table.topics[topic->name()] = topic->config();
  Register(table);
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

void NamesrvLink::Register(const wire::TopicConfigTable& table) {
  if (!running_ || servers_.empty()) return;
  const auto config = parts_.config.Get();
  wire::RegisterBrokerBody body{table, {}};
  for (auto& [name, topic] : body.topics.topics) topic.perm &= config->permission | 1;
  auto header = HeaderOf(*config);
  header.compressed = config->compressed_register;
  const auto text = header.compressed ? wire::CompressRegisterBroker(body, true) : ToJson(body);
  header.body_crc32 = BodyCrc32(text);
  const net::CallOptions options{.timeout = std::chrono::milliseconds(config->register_timeout_ms)};
  for (const auto& server : servers_) {
    pool_.Get(server)->Call<wire::RegisterBroker>(
        header, text, options, [server](StatusOr<net::Answer<wire::RegisterBroker>> answer) {
          if (!answer.ok()) {
            LOG_WARN << "name server " << server
                     << " was not reached: " << answer.error().ToString();
          } else if (!answer->ok()) {
            LOG_WARN << "name server " << server << " refused the registration: " << answer->code
                     << " " << answer->remark;
          }
        });
  }
}

void NamesrvLink::Stop() {
  if (!running_.exchange(false)) return;
  const auto config = parts_.config.Get();
  wire::UnregisterBroker::Header header;
  header.broker_name = config->name;
  header.broker_addr = address_;
  header.cluster_name = config->cluster;
  header.broker_id = config->id;
  for (const auto& server : servers_) {
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
