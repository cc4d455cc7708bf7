#include "broker/handlers/client_calls.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "broker/status_to_code.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/mutex.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/consumer_status.h"
#include "remoting/wire/message_id.h"
#include "remoting/wire/requests/get_client_status.h"

namespace comet::broker {
namespace {

constexpr auto kTimeout = std::chrono::seconds(10);
constexpr auto kStatusTimeout = std::chrono::seconds(5);

std::optional<Client> FindConsumer(const Context& context, std::string_view group,
                                   std::string_view client_id) {
  const auto known = context.clients.Consumers(group);
  if (!known) return std::nullopt;
  for (const auto& client : known->clients) {
    if (client.client_id == client_id) return client;
  }
  return std::nullopt;
}

// Asks the client and passes its answer on.
template <wire::Request R>
void Ask(Context& context, const typename R::Header& header, std::string_view body,
         net::Responder reply) {
  const auto client = FindConsumer(context, header.consumer_group, header.client_id);
  const std::string who = Concat("<", header.consumer_group, "> <", header.client_id, ">");
  if (!client) {
    return std::move(reply).Fail(ResponseCode::kSystemError,
                                 Concat("The Consumer ", who, " not online"));
  }
  context.loops.Call<R>(
      client->connection, header, body, {.timeout = kTimeout},
      [reply = std::move(reply), who](StatusOr<net::Answer<R>> answer) mutable {
        if (answer.ok()) {
          net::Outcome outcome{answer->code};
          if (!answer->remark.empty()) outcome.remark = answer->remark;
          return std::move(reply).Plain(outcome, answer->body);
        }
        const bool timeout = answer.error().code() == Status::Code::kTimeout;
        const auto remark = timeout ? Concat("consumer ", who, " Timeout")
                                    : Concat("consumer ", who, ": ", answer.error().message());
        std::move(reply).Fail(
            timeout ? ResponseCode::kConsumeMessageTimeout : ResponseCode::kSystemError, remark);
      });
}

}  // namespace

void GetConsumerRunningInfoHandler::Handle(const Request::Header& header,
                                           const net::RequestContext& /*request*/,
                                           net::Responder&& reply) {
  Ask<Request>(context_, header, {}, std::move(reply));
}

// The message goes along, as it is stored.
void ConsumeDirectlyHandler::Handle(const Request::Header& header,
                                    const net::RequestContext& /*request*/,
                                    net::Responder&& reply) {
  const auto id = wire::ParseMessageId(header.message_id);
  if (!id) {
    return std::move(reply).Fail(
        ResponseCode::kSystemError,
        Concat("no message id with a place in the log: '", header.message_id.substr(0, 64), "'"));
  }
  const auto record = context_.reader.Record(id->log_offset);
  if (!record.ok()) {
    return std::move(reply).Fail(ResponseCode::kSystemError,
                                 Concat("can not find message by the offset, ", id->log_offset));
  }
  auto asked = header;
  const std::string broker = context_.config.Get()->name;
  asked.broker_name = broker;
  Ask<Request>(context_, asked, record->bytes, std::move(reply));
}

void GetConsumerStatusHandler::Handle(const Request::Header& header,
                                      const net::RequestContext& /*request*/,
                                      net::Responder&& reply) {
  struct Round {
    Mutex mutex;
    std::size_t missing GUARDED_BY(mutex) = 0;
    wire::ConsumerStatus sum GUARDED_BY(mutex);
    net::Responder reply;
  };
  const auto known = context_.clients.Consumers(header.group);
  std::vector<Client> asked;
  for (const auto& client : known ? known->clients : std::vector<Client>()) {
    if (header.client_id.empty() || header.client_id == client.client_id) asked.push_back(client);
  }
  if (asked.empty()) {
    return std::move(reply).Fail(
        ResponseCode::kSystemError,
        Concat("No Any Consumer online in the consumer group: [", header.group, "]"));
  }
  auto round = std::make_shared<Round>();
  round->reply = std::move(reply);
  {
    MutexLock lock(round->mutex);
    round->missing = asked.size();
  }
  for (const auto& client : asked) {
    context_.loops.Call<wire::GetClientStatus>(
        client.connection, {header.topic, header.group, {}}, {}, {.timeout = kStatusTimeout},
        [round, id = client.client_id](const StatusOr<net::Answer<wire::GetClientStatus>>& answer) {
          const bool answered = answer.ok() && answer->ok();
          const auto status = FromJson<wire::ClientStatus>(answered ? answer->body : "");
          MutexLock lock(round->mutex);
          if (status.ok()) round->sum.clients[id] = status->offsets;
          if (--round->missing == 0) std::move(round->reply).Plain({}, ToJson(round->sum));
        });
  }
}

}  // namespace comet::broker
