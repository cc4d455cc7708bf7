#include "broker/handlers/reset_offset.h"

#include <algorithm>
#include <string>
#include <utility>

#include "broker/handlers/checked.h"
#include "broker/status_to_code.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/reset_client_offset.h"

namespace comet::broker {
namespace {

constexpr std::int32_t kFirstVersionWithResets = 28;  // 3.0.7-SNAPSHOT

// Where the group is to go on in one queue.
StatusOr<std::int64_t> TargetOf(const Context& context, const wire::ResetOffset::Header& header,
                                std::int32_t queue_id) {
  const auto* queue = context.store.queues().Find(header.topic, queue_id);
  const auto begin = queue == nullptr ? 0 : queue->queue().begin();
  const auto end = queue == nullptr ? 0 : queue->queue().end();
  const auto offset = header.offset.value_or(-1);
  if (header.queue_id >= 0 && offset != -1) {
    if (offset >= begin && offset <= end) return offset;
    return Status(
        Status::Code::kInvalid,
        Concat("Target offset ", offset, " not in consume queue range [", begin, "-", end, "]"));
  }
  if (header.timestamp_ms < 0 || queue == nullptr) return end;
  COMET_ASSIGN(const auto found, context.reader.OffsetByTime(queue, header.timestamp_ms));
  return std::max<std::int64_t>(found, 0);
}

// As the C++ client reads it.
wire::ResetOffsetList ListOf(const wire::ResetOffsetBody& targets) {
  wire::ResetOffsetList list;
  for (const auto& [queue, offset] : targets.offsets) {
    list.offsets.push_back({queue.topic, queue.broker_name, queue.queue_id, offset});
  }
  return list;
}

}  // namespace

void ResetOffsetHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                                net::Responder&& reply) {
  const auto topic = context_.topics.Find(header.topic);
  if (topic == nullptr) {
    return Fail(std::move(reply),
                {ResponseCode::kTopicNotExist, Concat("Topic ", header.topic, " does not exist")});
  }
  if (context_.groups.Find(header.group) == nullptr) {
    return Fail(std::move(reply), {ResponseCode::kSubscriptionGroupNotExist,
                                   Concat("Group ", header.group, " does not exist")});
  }
  const auto queues = topic->config().read_queues;
  if (header.queue_id >= queues) {
    return Fail(std::move(reply),
                {ResponseCode::kInvalidParameter,
                 Concat("queueId[", header.queue_id, "] is illegal, ", topic->Describe())});
  }
  const auto first = header.queue_id < 0 ? 0 : header.queue_id;
  const auto end = header.queue_id < 0 ? queues : header.queue_id + 1;
  const auto config = context_.config.Get();
  wire::ResetOffsetBody body;
  for (auto id = first; id < end; ++id) {
    const auto target = TargetOf(context_, header, id);
    if (!target.ok()) {
      return Fail(std::move(reply), {ResponseCode::kSystemError, target.error().message()});
    }
    body.offsets.emplace(wire::MessageQueue{topic->name(), config->name, id}, *target);
  }
  LOG_INFO << request.peer.text << " resets group " << header.group << " in topic " << header.topic
           << " to time " << header.timestamp_ms;
  if (!config->server_side_reset) return TellClients(header, std::move(body), std::move(reply));
  for (const auto& [queue, target] : body.offsets) {
    context_.offsets.Reset(header.group, header.topic, queue.queue_id, target);
  }
  std::move(reply).Plain({}, ToJson(body));
}

void ResetOffsetHandler::TellClients(const Request::Header& header, wire::ResetOffsetBody targets,
                                     net::Responder reply) {
  for (auto& [queue, target] : targets.offsets) {
    const auto now = context_.offsets.Query(header.group, header.topic, queue.queue_id);
    if (now < 0) {
      return Fail(std::move(reply), {ResponseCode::kSystemError,
                                     Concat("THe consumer group <", header.group, "> not exist")});
    }
    if (!header.force) target = std::min(target, now);
  }
  const auto members = context_.clients.Consumers(header.group);
  if (!members || members->clients.empty()) {
    return Fail(std::move(reply),
                {ResponseCode::kConsumerNotOnline,
                 Concat("Consumer not online, so can not reset offset, Group: ", header.group,
                        " Topic: ", header.topic, " Timestamp: ", header.timestamp_ms)});
  }
  for (const auto& client : members->clients) {
    if (client.version >= kFirstVersionWithResets) continue;
    return Fail(std::move(reply),
                {ResponseCode::kSystemError,
                 Concat("the client does not support this feature. version=", client.version)});
  }
  wire::ResetClientOffset::Header told;
  told.group = header.group;
  told.topic = header.topic;
  told.timestamp_ms = header.timestamp_ms;
  const auto table = ToJson(targets);
  const auto list = ToJson(ListOf(targets));
  for (const auto& client : members->clients) {
    const bool cpp = client.language == wire::Language::kCpp;
    context_.loops.CallOneway<wire::ResetClientOffset>(client.connection, told, cpp ? list : table);
  }
  std::move(reply).Plain({}, table);
}

}  // namespace comet::broker
