#include "broker/handlers/locks.h"

#include <utility>

#include "broker/status_to_code.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/limits.h"
#include "remoting/wire/bodies/lock_batch.h"
#include "remoting/wire/names.h"

namespace comet::broker {
namespace {

StatusOr<wire::LockBatchBody> ReadBody(std::string_view text) {
  COMET_ASSIGN(auto body, FromJson<wire::LockBatchBody>(text));
  COMET_TRY(wire::CheckGroupName(body.group));
  COMET_TRY(wire::CheckId("clientId", body.client_id, limits::kClientIdLengthMax));
  for (const auto& queue : body.queues) {
    COMET_TRY(wire::CheckTopicName(queue.topic));
    COMET_TRY(wire::CheckId("brokerName", queue.broker_name));
  }
  return body;
}

QueueLocks::Queue QueueOf(const wire::MessageQueue& queue) {
  return {queue.broker_name, queue.topic, queue.queue_id};
}

}  // namespace

void LockQueuesHandler::Handle(const Request::Header& /*header*/,
                               const net::RequestContext& request, net::Responder&& reply) {
  auto body = ReadBody(request.body);
  if (!body.ok()) {
    return std::move(reply).Fail(ResponseCode::kSystemError, body.error().message());
  }
  wire::LockBatchReply answer;
  for (auto& queue : body->queues) {
    if (context_.locks.TryLock(body->group, QueueOf(queue), body->client_id)) {
      answer.locked.push_back(std::move(queue));
    }
  }
  std::move(reply).Plain({}, ToJson(answer));
}

void UnlockQueuesHandler::Handle(const Request::Header& /*header*/,
                                 const net::RequestContext& request, net::Responder&& reply) {
  const auto body = ReadBody(request.body);
  if (!body.ok()) {
    return std::move(reply).Fail(ResponseCode::kSystemError, body.error().message());
  }
  for (const auto& queue : body->queues) {
    context_.locks.Unlock(body->group, QueueOf(queue), body->client_id);
  }
  std::move(reply).Plain({});
}

}  // namespace comet::broker
