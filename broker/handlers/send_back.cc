#include "broker/handlers/send_back.h"

#include <algorithm>
#include <utility>

#include "broker/ha/put_policy.h"
#include "broker/handlers/check_names.h"
#include "broker/handlers/send_request.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/names.h"
#include "remoting/wire/record_reader.h"

namespace comet::broker {
namespace {

// The consumer goes on from here as soon as it hears of success, so what may still be lost is none.
Refused NotKept(const store::Ack& ack) {
  switch (ack.outcome) {
    case store::AppendOutcome::kFlushTimeout:
      return {ResponseCode::kSystemError, "FLUSH_DISK_TIMEOUT"};
    case store::AppendOutcome::kReplicaTimeout:
      return {ResponseCode::kSystemError, "FLUSH_SLAVE_TIMEOUT"};
    case store::AppendOutcome::kNoReplica:
      return {ResponseCode::kSystemError, "SLAVE_NOT_AVAILABLE"};
    case store::AppendOutcome::kRefused:
      return RefusedBy(ack.refusal);
    case store::AppendOutcome::kOk:
    case store::AppendOutcome::kFailed:
      break;
  }
  return RefusedBy(store::Refusal::kPoisoned);
}

}  // namespace

void SendBackHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                             net::Responder&& reply) {
  const auto fail = [&reply](const Refused& why) {
    std::move(reply).Fail(why.code, why.remark);
  };
  const auto config = context_.config.Get();
  const auto group = context_.groups.FindOrCreate(header.group, config->auto_create_group);
  if (!group.ok()) {
    const bool bad_name = group.error().code() == Status::Code::kInvalid;
    return fail(bad_name ? RefusedBy(group.error()) : GroupMissing(header.group));
  }
  if (!wire::perm::IsWritable(config->permission)) {
    return fail({ResponseCode::kNoPermission,
                 Concat("the broker[", config->ip1, "] sending message is forbidden")});
  }
  if ((*group)->retry_queues <= 0) return std::move(reply).Plain({});
  std::int32_t queue_id = 0;
  if (auto refused = ChooseQueue(header, **group, &queue_id)) return fail(*refused);
  const auto record = context_.reader.Record(header.log_offset);
  if (!record.ok()) {
    return fail(
        {ResponseCode::kSystemError, Concat("look message by offset failed, ", header.log_offset)});
  }
  const auto retry = Make(header, request.head.version, **group, queue_id, *record);
  if (!retry.ok()) return fail(RefusedBy(retry.error()));
  if (auto refused = Store(**retry, &reply)) return fail(*refused);
  context_.stats.SentBack(header.origin_topic, header.group);
}

// Spreads over the queues of the retry topic without a random number: by the place in the log. The
// topic may have fewer than the group asks for by now, and nobody would read what it has not.
std::optional<Refused> SendBackHandler::ChooseQueue(const Request::Header& header,
                                                    const wire::SubscriptionGroupConfig& group,
                                                    std::int32_t* queue_id) {
  const auto topic =
      context_.topics.CreateIfMissing(wire::RetryTopicOf(group.name), group.retry_queues,
                                      header.unit_mode ? wire::topic_flag::kUnitSub : 0);
  if (!topic.ok()) return RefusedBy(topic.error());
  if (!wire::perm::IsWritable((*topic)->config().perm)) {
    return Refused{ResponseCode::kNoPermission,
                   Concat("the topic[", (*topic)->name(), "] sending message is forbidden")};
  }
  const auto& there = (*topic)->config();
  const auto queues = std::min({group.retry_queues, there.read_queues, there.write_queues});
  *queue_id = static_cast<std::int32_t>((header.log_offset / 16) % std::max(queues, 1));
  return std::nullopt;
}

StatusOr<std::unique_ptr<RetryMessage>> SendBackHandler::Make(
    const Request::Header& header, std::int32_t version, const wire::SubscriptionGroupConfig& group,
    std::int32_t queue_id, const store::LogRange& record) {
  // With the CRC: the retry gets one of its own, which would vouch for damage.
  const auto read =
      wire::ReadRecord(record.bytes, {.body_crc = true, .log_offset = header.log_offset});
  if (read.state != wire::RecordState::kRecord) {
    return Status(Status::Code::kCorruption,
                  Concat("look message by offset failed, ", header.log_offset));
  }
  const RetryRules rules{group.name,
                         RetriesMax(group.retry_max, version, header.max_reconsume_times),
                         header.delay_level, queue_id};
  return MakeRetry(read.record, rules, context_.delays, context_.address.Get());
}

std::optional<Refused> SendBackHandler::Store(const RetryMessage& retry, net::Responder* reply) {
  TopicTable::TopicPtr topic;
  if (retry.dead_letter) {
    const auto made = context_.topics.CreateIfMissing(retry.final_topic, 1, 0);
    if (!made.ok()) return RefusedBy(made.error());
    topic = *made;
  } else {
    topic = context_.topics.Find(retry.topic);
  }
  if (topic == nullptr || retry.source.queue_id >= topic->queues()) {
    return Refused{ResponseCode::kSystemError, Concat("topic[", retry.topic, "] not exist")};
  }
  auto& slot = topic->Slot(context_.store.queues(), retry.source.queue_id);
  const auto config = context_.config.Get();
  if (auto refused = TooFewInSync(*config, context_.store.replicas(), true)) return refused;
  const auto policy = PutPolicy(*config, context_.store.config(), true);
  auto waiting = std::make_shared<net::Responder>(std::move(*reply));
  const auto stored =
      context_.store.Append(retry.source, slot, policy, [waiting](const store::Ack& ack) {
        if (ack.outcome == store::AppendOutcome::kOk) return std::move(*waiting).Plain({});
        const auto refused = NotKept(ack);
        std::move(*waiting).Fail(refused.code, refused.remark);
      });
  if (stored.ok()) return std::nullopt;
  *reply = std::move(*waiting);
  return stored.code() == Status::Code::kInvalid ? RefusedBy(stored)
                                                 : RefusedBy(context_.store.refusal());
}

}  // namespace comet::broker
