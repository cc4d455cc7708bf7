#include "broker/handlers/connections.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "broker/status_to_code.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/connections.h"

namespace comet::broker {
namespace {

std::optional<std::string> LanguageOf(const Client& client) {
  const auto name = wire::LanguageName(client.language);
  return name.empty() ? std::nullopt : std::optional<std::string>(name);
}

std::vector<wire::Connection> ConnectionsOf(const std::vector<Client>& clients) {
  std::vector<wire::Connection> connections;
  connections.reserve(clients.size());
  for (const auto& client : clients) {
    connections.push_back({client.client_id, client.address, LanguageOf(client), client.version});
  }
  return connections;
}

}  // namespace

void GetConsumerConnectionsHandler::Handle(const Request::Header& header,
                                           const net::RequestContext& /*request*/,
                                           net::Responder&& reply) {
  const auto group = context_.clients.Consumers(header.consumer_group);
  if (!group) {
    return std::move(reply).Fail(
        ResponseCode::kConsumerNotOnline,
        Concat("the consumer group[", header.consumer_group, "] not online"));
  }
  wire::ConsumerConnection answer;
  answer.connections = ConnectionsOf(group->clients);
  answer.type = group->profile.type;
  answer.model = group->profile.model;
  answer.from_where = group->profile.from_where;
  for (const auto& wanted : group->subscriptions) {
    answer.subscriptions.emplace(wanted->data.topic, wanted->data);
  }
  std::move(reply).Plain({}, ToJson(answer));
}

void GetProducerConnectionsHandler::Handle(const Request::Header& header,
                                           const net::RequestContext& /*request*/,
                                           net::Responder&& reply) {
  const auto clients = context_.clients.Producers(header.producer_group);
  if (clients.empty()) {
    return std::move(reply).Fail(
        ResponseCode::kSystemError,
        Concat("the producer group[", header.producer_group, "] not exist"));
  }
  std::move(reply).Plain({}, ToJson(wire::ProducerConnection{ConnectionsOf(clients)}));
}

void GetAllProducersHandler::Handle(const Request::Header& /*header*/,
                                    const net::RequestContext& /*request*/,
                                    net::Responder&& reply) {
  wire::ProducerTable table;
  for (const auto& group : context_.clients.ProducerGroups()) {
    auto& producers = table.producers[group];
    for (const auto& client : context_.clients.Producers(group)) {
      producers.push_back({client.client_id, "/" + client.address, LanguageOf(client),
                           client.version, client.last_seen_ms});
    }
  }
  std::move(reply).Plain({}, ToJson(table));
}

void QuerySubscriptionHandler::Handle(const Request::Header& header,
                                      const net::RequestContext& /*request*/,
                                      net::Responder&& reply) {
  wire::ConsumerSubscription answer;
  answer.group = header.group;
  answer.topic = header.topic;
  const auto found = context_.clients.Find(header.group, header.topic);
  if (found.subscription != nullptr) answer.subscription = found.subscription->data;
  std::move(reply).Plain({}, ToJson(answer));
}

}  // namespace comet::broker
