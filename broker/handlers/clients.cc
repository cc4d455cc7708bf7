#include "broker/handlers/clients.h"

#include <algorithm>
#include <utility>

#include "broker/handlers/check_names.h"
#include "broker/handlers/empty_fields.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/limits.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/names.h"

namespace comet::broker {
namespace {

constexpr std::size_t kGroupsPerClientMax = 1000;

Status CheckBeat(const wire::HeartbeatData& beat) {
  COMET_TRY(wire::CheckId("clientID", beat.client_id, limits::kClientIdLengthMax));
  if (beat.producers.size() + beat.consumers.size() > kGroupsPerClientMax) {
    return {Status::Code::kInvalid, Concat("more than ", kGroupsPerClientMax, " groups")};
  }
  for (const auto& producer : beat.producers)
    COMET_TRY(wire::CheckProducerGroupName(producer.group));
  for (const auto& consumer : beat.consumers) {
    COMET_TRY(wire::CheckGroupName(consumer.group));
    for (const auto& wanted : consumer.subscriptions) {
      COMET_TRY(wire::CheckTopicName(wanted.topic));
    }
  }
  return {};
}

std::optional<Refused> CheckUnregister(const wire::UnregisterClient::Header& header) {
  if (auto bad = BadClientId(header.client_id)) return bad;
  if (!header.producer_group.empty()) {
    if (auto bad = BadName(wire::CheckProducerGroupName(header.producer_group))) return bad;
  }
  return header.consumer_group.empty() ? std::nullopt : BadGroup(header.consumer_group);
}

}  // namespace

void HeartbeatHandler::Handle(const Request::Header& /*header*/, const net::RequestContext& request,
                              net::Responder&& reply) {
  auto beat = FromJson<wire::HeartbeatData>(request.body);
  auto status = beat.ok() ? CheckBeat(*beat) : beat.TakeError();
  if (!status.ok()) {
    return std::move(reply).Fail(ResponseCode::kSystemError, "heartbeat: " + status.message());
  }
  Client client;
  client.client_id = beat->client_id;
  client.address = request.peer.text;
  client.language = request.head.language;
  client.version = request.head.version;
  client.connection = request.connection;

  bool differ = beat->fingerprint == 0;
  for (const auto& producer : beat->producers) {
    if (!context_.clients.RegisterProducer(producer.group, client)) {
      LOG_WARN_LIMITED << "too many producers: " << client.client_id << " is not registered";
    }
  }
  auto consumers = std::move(beat->consumers);
  for (auto& consumer : consumers) {
    differ = RegisterConsumer(*beat, std::move(consumer), client) || differ;
  }
  std::move(reply).Ok<Request>({true, differ});
}

// Makes what a consumer needs; false when its group is not known and may not be made.
bool HeartbeatHandler::MakeGroup(const wire::ConsumerData& consumer, const Client& client) {
  const auto config = context_.config.Get();
  const auto group = context_.groups.FindOrCreate(consumer.group, config->auto_create_group);
  if (!group.ok()) {
    LOG_WARN_LIMITED << "group " << consumer.group << " of client " << client.client_id
                     << " is not registered: " << group.error().message();
    return false;
  }
  const bool order = std::any_of(consumer.subscriptions.begin(), consumer.subscriptions.end(),
                                 [&](const auto& wanted) {
                                   const auto topic = context_.topics.Find(wanted.topic);
                                   return topic != nullptr && topic->config().order;
                                 });
  const auto retry =
      context_.topics.CreateIfMissing(wire::RetryTopicOf(consumer.group), (*group)->retry_queues,
                                      consumer.unit_mode ? wire::topic_flag::kUnitSub : 0, order);
  if (!retry.ok()) {
    LOG_WARN_LIMITED << "retry topic of group " << consumer.group
                     << " was not created: " << retry.error().ToString();
  }
  return true;
}

// True when the client should send its subscriptions again.
bool HeartbeatHandler::RegisterConsumer(const wire::HeartbeatData& beat,
                                        wire::ConsumerData consumer, const Client& client) {
  const auto config = context_.config.Get();
  if (consumer.type == wire::ConsumeType::kActively && config->reject_pull_consumers) return false;
  // A slave hears of a new group from its master, in a moment; the next heartbeat is far.
  if (!config->is_slave() && !MakeGroup(consumer, client)) return false;
  ClientTable::ConsumerBeat one;
  one.group = consumer.group;
  one.profile = {consumer.type, consumer.model, consumer.from_where};
  one.subscriptions = std::move(consumer.subscriptions);
  one.keep_subscriptions = beat.fingerprint != 0 && beat.without_subscriptions;
  one.fingerprint = beat.fingerprint;
  const auto result = context_.clients.RegisterConsumer(std::move(one), client);
  if (!result.accepted) {
    LOG_WARN_LIMITED << "too many consumers: " << client.client_id << " is not registered";
    return false;
  }
  notice_.Send(result.change);
  return result.subscriptions_differ;
}

void UnregisterHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                               net::Responder&& reply) {
  if (auto refused = CheckUnregister(header)) {
    return ReplyWithoutFields(std::move(reply), {refused->code, refused->remark});
  }
  if (!header.producer_group.empty()) {
    context_.clients.UnregisterProducer(header.producer_group, header.client_id,
                                        request.connection);
  }
  if (!header.consumer_group.empty()) {
    notice_.Send(context_.clients.UnregisterConsumer(header.consumer_group, header.client_id,
                                                     request.connection));
  }
  ReplyWithoutFields(std::move(reply), {});
}

void ListConsumersHandler::Handle(const Request::Header& header,
                                  const net::RequestContext& /*request*/, net::Responder&& reply) {
  wire::ConsumerList list{context_.clients.ConsumerIds(header.consumer_group)};
  if (list.client_ids.empty()) {
    if (auto refused = BadGroup(header.consumer_group)) {
      return ReplyWithoutFields(std::move(reply), {refused->code, refused->remark});
    }
    const auto remark = Concat("no consumer for this group, ", header.consumer_group);
    return ReplyWithoutFields(std::move(reply), {ResponseCode::kSystemError, remark});
  }
  ReplyWithoutFields(std::move(reply), {}, ToJson(list));
}

void CheckClientConfigHandler::Handle(const Request::Header& /*header*/,
                                      const net::RequestContext& request, net::Responder&& reply) {
  const auto body = FromJson<wire::CheckClientConfigBody>(request.body);
  if (!body.ok()) {
    return std::move(reply).Fail(ResponseCode::kSubscriptionParseFailed, body.error().message());
  }
  const auto& type = body->subscription.expression_type;
  if (type.empty() || type == "TAG") return std::move(reply).Plain({});
  std::move(reply).Fail(ResponseCode::kSystemError,
                        Concat("The broker does not support consumer to filter message by ", type));
}

}  // namespace comet::broker
