#include "broker/handlers/offsets.h"

#include <utility>

#include "broker/handlers/check_names.h"
#include "broker/handlers/empty_fields.h"
#include "broker/status_to_code.h"
#include "remoting/base/text.h"
#include "store/queue_table.h"

namespace comet::broker {
namespace {

void Answer(net::Responder reply, std::int32_t code, std::string_view remark) {
  ReplyWithoutFields(std::move(reply), {code, remark});
}

void Answer(net::Responder reply, const Refused& refused) {
  Answer(std::move(reply), refused.code, refused.remark);
}

// Only a queue that nobody knows can have a name that nobody may give.
std::optional<Refused> BadTopicOf(const store::QueueSlot* slot, std::string_view topic) {
  return slot == nullptr ? BadTopic(topic) : std::nullopt;
}

}  // namespace

void QueryOffsetHandler::Handle(const Request::Header& header,
                                const net::RequestContext& /*request*/, net::Responder&& reply) {
  const auto stored = context_.offsets.Query(header.consumer_group, header.topic, header.queue_id);
  if (stored >= 0) return std::move(reply).Ok<Request>({stored});
  if (auto bad = BadGroupOrTopic(header.consumer_group, header.topic)) {
    return Answer(std::move(reply), *bad);
  }
  if (!header.set_zero_if_not_found.value_or(true)) {
    return Answer(std::move(reply), ResponseCode::kQueryNotFound,
                  "Not found, do not set to zero, maybe this group boot first");
  }
  // A young queue is read from its beginning, whatever the group would choose.
  const auto* slot = context_.store.queues().Find(header.topic, header.queue_id);
  if (slot != nullptr && slot->queue().begin() <= 0 && slot->queue().end() > 0 &&
      !context_.reader.IsCold(*slot, 0)) {
    return std::move(reply).Ok<Request>({0});
  }
  Answer(std::move(reply), ResponseCode::kQueryNotFound,
         "Not found, V3_0_6_SNAPSHOT maybe this group consumer boot first");
}

void UpdateOffsetHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                                 net::Responder&& reply) {
  auto& loop = context_.At(request.connection);
  if (loop.groups.Find(header.consumer_group) == nullptr) {
    if (auto bad = BadGroup(header.consumer_group)) return Answer(std::move(reply), *bad);
    return Answer(std::move(reply), ResponseCode::kSubscriptionGroupNotExist,
                  Concat("Group ", header.consumer_group, " not exist!"));
  }
  const Topic* topic = loop.topics.Find(header.topic);
  if (topic == nullptr) {
    if (auto bad = BadTopic(header.topic)) return Answer(std::move(reply), *bad);
    return Answer(std::move(reply), ResponseCode::kTopicNotExist,
                  Concat("Topic ", header.topic, " not exist!"));
  }
  if (!header.queue_id) {
    return Answer(std::move(reply), ResponseCode::kInvalidParameter,
                  Concat("QueueId is null, topic is ", header.topic));
  }
  if (*header.queue_id < 0 || *header.queue_id >= topic->queues() || header.commit_offset < 0) {
    return Answer(std::move(reply), ResponseCode::kInvalidParameter,
                  Concat("queueId[", *header.queue_id, "] or commitOffset[", header.commit_offset,
                         "] is illegal, ", topic->Describe()));
  }
  if (context_.offsets.ResetPending(header.consumer_group, header.topic, *header.queue_id)) {
    return Answer(std::move(reply), ResponseCode::kSuccess, "Offset has been previously reset");
  }
  context_.offsets.Commit(header.consumer_group, header.topic, *header.queue_id,
                          header.commit_offset);
  ReplyWithoutFields(std::move(reply), {});
}

void MaxOffsetHandler::Handle(const Request::Header& header, const net::RequestContext& /*request*/,
                              net::Responder&& reply) {
  const auto* slot = context_.store.queues().Find(header.topic, header.queue_id);
  if (auto bad = BadTopicOf(slot, header.topic)) return Answer(std::move(reply), *bad);
  std::move(reply).Ok<Request>({slot == nullptr ? 0 : slot->queue().end()});
}

void MinOffsetHandler::Handle(const Request::Header& header, const net::RequestContext& /*request*/,
                              net::Responder&& reply) {
  const auto* slot = context_.store.queues().Find(header.topic, header.queue_id);
  if (auto bad = BadTopicOf(slot, header.topic)) return Answer(std::move(reply), *bad);
  // The remark is empty, not absent, in the answers of Apache's brokers.
  std::move(reply).Reply<Request>({ResponseCode::kSuccess, ""},
                                  {slot == nullptr ? 0 : slot->queue().begin()});
}

void SearchOffsetHandler::Handle(const Request::Header& header,
                                 const net::RequestContext& /*request*/, net::Responder&& reply) {
  const auto* slot = context_.store.queues().Find(header.topic, header.queue_id);
  if (auto bad = BadTopicOf(slot, header.topic)) return Answer(std::move(reply), *bad);
  const bool upper = header.boundary == "upper" || header.boundary == "UPPER";
  const auto found = context_.reader.OffsetByTime(
      slot, header.timestamp_ms, upper ? store::TimeBoundary::kUpper : store::TimeBoundary::kLower);
  if (!found.ok()) {
    const auto refused = RefusedBy(found.error());
    return Answer(std::move(reply), refused.code, refused.remark);
  }
  std::move(reply).Ok<Request>({*found});
}

void EarliestTimeHandler::Handle(const Request::Header& header,
                                 const net::RequestContext& /*request*/, net::Responder&& reply) {
  const auto* slot = context_.store.queues().Find(header.topic, header.queue_id);
  if (auto bad = BadTopicOf(slot, header.topic)) return Answer(std::move(reply), *bad);
  std::move(reply).Ok<Request>({slot == nullptr ? -1 : context_.reader.EarliestTime(slot)});
}

}  // namespace comet::broker
