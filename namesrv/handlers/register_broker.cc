#include "namesrv/handlers/register_broker.h"

#include <chrono>
#include <string>
#include <utility>

#include "namesrv/checks.h"
#include "namesrv/limits.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/log.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/bodies/register_broker.h"
#include "remoting/wire/json_string.h"
#include "remoting/wire/names.h"
#include "remoting/wire/response_code.h"

namespace comet::namesrv {
namespace {

constexpr std::int32_t kFirstWithBody = 37;  // 3.0.11; older brokers send the bare topic table
constexpr std::int64_t kTimeoutMs = 120'000;
constexpr std::int64_t kTimeoutMsMax = 24 * 3'600'000;

using Header = wire::RegisterBroker::Header;

Status CheckHeader(const Header& header) {
  COMET_TRY(CheckName("brokerName", header.broker_name));
  COMET_TRY(CheckName("clusterName", header.cluster_name));
  COMET_TRY(CheckAddress("brokerAddr", header.broker_addr));
  COMET_TRY(CheckAddress("haServerAddr", header.ha_addr));
  if (!header.zone_name.empty()) COMET_TRY(CheckName("__ZONE_NAME", header.zone_name));
  if (header.broker_id < 0) return Status(Status::Code::kInvalid, "brokerId is negative");
  const std::int64_t timeout_ms = header.heartbeat_timeout_ms.value_or(kTimeoutMs);
  if (timeout_ms <= 0 || timeout_ms > kTimeoutMsMax) {
    return Status(Status::Code::kInvalid, "heartbeatTimeoutMillis is out of range");
  }
  return {};
}

StatusOr<wire::RegisterBrokerBody> DecodeBody(const Header& header,
                                              const net::RequestContext& request) {
  if (request.head.version >= kFirstWithBody || request.body.empty()) {
    return wire::DecodeRegisterBroker(request.body, header.compressed, header.body_crc32);
  }
  wire::RegisterBrokerBody body;
  COMET_ASSIGN(body.topics, FromJson<wire::TopicConfigTable>(request.body));
  return body;
}

void LogLeftOut(std::string_view broker, std::string_view text, const Status& why) {
  constexpr std::size_t kShownMax = 100;
  std::string shown;
  wire::AppendJsonString(text.substr(0, kShownMax), &shown);  // no line end gets into the log
  LOG_WARN_LIMITED << "of broker " << broker << " left out: " << shown << ": " << why.message();
}

// A static topic is named by a key, and by the value's bname the broker that has it.
Status CheckMapping(const Json::Member& mapping) {
  const std::string* topic = mapping.key.AsString();
  const Json* broker = mapping.value.Find("bname");
  if (topic == nullptr || broker == nullptr || broker->AsString() == nullptr) {
    return Status(Status::Code::kInvalid, "is no mapping of a static topic");
  }
  COMET_TRY(CheckTopic(*topic));
  return CheckName("bname", *broker->AsString());
}

// Leaves out, one by one, what no client could use. The broker has the rest all the same: one odd
// topic of a broker that is in service must not hide all others. Returns how many topics went.
std::size_t DropIllegal(std::string_view broker, wire::RegisterBrokerBody* body) {
  const std::size_t dropped = std::erase_if(body->topics.topics, [&](const auto& entry) {
    const Status status = CheckTopic(entry.first);
    if (!status.ok()) LogLeftOut(broker, entry.first, status);
    return !status.ok();
  });
  if (Json::Object* mappings = body->topics.mapping_infos.AsObject()) {
    std::erase_if(*mappings, [&](const Json::Member& mapping) {
      const Status status = CheckMapping(mapping);
      const std::string* topic = mapping.key.AsString();
      if (!status.ok()) LogLeftOut(broker, topic != nullptr ? *topic : "?", status);
      return !status.ok();
    });
  }
  std::erase_if(body->filter_servers, [&](const std::string& address) {
    const Status status = CheckAddress("filter server", address);
    if (!status.ok()) LogLeftOut(broker, address, status);
    return !status.ok();
  });
  return dropped;
}

Registration ToRegistration(const Header& header, const net::RequestContext& request,
                            wire::RegisterBrokerBody body) {
  Registration broker;
  broker.cluster = header.cluster_name;
  broker.name = header.broker_name;
  broker.address = header.broker_addr;
  broker.ha_address = header.ha_addr;
  broker.zone = header.zone_name;
  broker.id = header.broker_id;
  broker.timeout = std::chrono::milliseconds(header.heartbeat_timeout_ms.value_or(kTimeoutMs));
  broker.acting_master = header.acting_master;
  broker.topics = std::move(body.topics);
  if (body.filter_servers.size() <= kFilterServersMax) {
    broker.filter_servers = std::move(body.filter_servers);
  }
  broker.connection = request.connection;
  return broker;
}

void Refuse(const Status& status, const net::RequestContext& request, net::Responder reply) {
  LOG_WARN_LIMITED << "registration from " << request.peer.text << " refused: " << status.message();
  std::move(reply).Reply<wire::RegisterBroker>({CodeOfRefusal(status), status.message()}, {});
}

}  // namespace

void RegisterBrokerHandler::Handle(const Request::Header& header,
                                   const net::RequestContext& request, net::Responder reply) {
  if (Status status = CheckHeader(header); !status.ok()) {
    return Refuse(status, request, std::move(reply));
  }
  auto body = DecodeBody(header, request);
  if (!body.ok()) return Refuse(body.error(), request, std::move(reply));
  const std::size_t left_out = DropIllegal(header.broker_name, &*body);
  auto broker = ToRegistration(header, request, body.Take());
  broker.topics_left_out = left_out;
  const auto master = registry_.Register(broker);
  if (!master.ok()) return Refuse(master.error(), request, std::move(reply));

  std::string order_topics;
  if (settings_.Get()->return_order_topics) {
    auto entries = kv_.List(wire::kOrderTopicNamespace);
    if (entries) order_topics = ToJson(wire::KvTable{std::move(*entries)});
  }
  std::move(reply).Ok<Request>({.ha_addr = master->ha_address, .master_addr = master->address},
                               std::move(order_topics));
}

void QueryDataVersionHandler::Handle(const Request::Header& header,
                                     const net::RequestContext& request, net::Responder reply) {
  const auto asked = FromJson<wire::DataVersion>(request.body);
  if (!asked.ok()) {
    return std::move(reply).Fail(wire::ResponseCode::kInvalidParameter, asked.error().message());
  }
  const auto known = registry_.Touch(header.cluster_name, header.broker_name, header.broker_addr);
  std::move(reply).Ok<Request>({.changed = !known || *known != *asked},
                               known ? ToJson(*known) : std::string());
}

}  // namespace comet::namesrv
