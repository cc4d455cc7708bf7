#include "broker/handlers/client_calls.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "broker/status_to_code.h"
#include "remoting/base/text.h"
#include "remoting/wire/message_id.h"

namespace comet::broker {
namespace {

constexpr auto kTimeout = std::chrono::seconds(10);

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

}  // namespace comet::broker
