#include "broker/handlers/send_message.h"

#include <algorithm>
#include <utility>

#include "broker/ha/put_policy.h"
#include "broker/handlers/check_names.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/batch_body.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/message_id.h"
#include "remoting/wire/names.h"
#include "remoting/wire/properties.h"
#include "remoting/wire/record_writer.h"
#include "remoting/wire/send_limits.h"

namespace comet::broker {
namespace {

namespace property = wire::property;

// The fields of an answer that refuses a send. Clients read them without looking at the code.
struct SendRefused {
  static constexpr std::string_view kName = "SEND_MESSAGE";
  static constexpr wire::Codes kCodes = {};
  using Header = wire::NoFields;
  struct Reply {
    std::string_view region, trace_on;
    static constexpr auto Fields() {
      return Declaration{F(&Reply::region, "MSG_REGION", Need::kOptional, "Region of the broker."),
                         F(&Reply::trace_on, "TRACE_ON", Need::kOptional, "Traces wanted.")};
    }
  };
};

Refused Illegal(std::string remark) {
  return {ResponseCode::kMessageIllegal, std::move(remark)};
}

Refused TopicMissing(std::string_view topic) {
  return {ResponseCode::kTopicNotExist,
          Concat("topic[", topic, "] not exist, apply first please!", wire::kFaqSuffix)};
}

std::int32_t OutcomeCode(store::AppendOutcome outcome) {
  switch (outcome) {
    case store::AppendOutcome::kOk:
      return ResponseCode::kSuccess;
    case store::AppendOutcome::kFlushTimeout:
      return ResponseCode::kFlushDiskTimeout;
    case store::AppendOutcome::kReplicaTimeout:
      return ResponseCode::kFlushSlaveTimeout;
    case store::AppendOutcome::kNoReplica:
      return ResponseCode::kSlaveNotAvailable;
    case store::AppendOutcome::kFailed:
    case store::AppendOutcome::kRefused:
      break;
  }
  return ResponseCode::kSystemError;
}

// Ids of all messages of a batch: their records lie one behind the other.
std::string MessageIds(const wire::Host& host, std::int64_t log_offset, const PendingSend& send) {
  char id[wire::kMaxMessageIdChars];
  std::string ids;
  ids.reserve(send.record_bytes.size() * (sizeof(id) + 1));
  for (const std::uint32_t bytes : send.record_bytes) {
    if (!ids.empty()) ids.push_back(',');
    ids.append(wire::FormatMessageId(host, log_offset, id));
    log_offset += bytes;
  }
  return ids;
}

wire::RecordSource SourceOf(const wire::Host& store_host, const SendRequest& send,
                            const Topic& topic, std::int32_t queue_id) {
  wire::RecordSource source;
  source.topic = topic.name();
  source.queue_id = queue_id;
  source.flag = send.header.flag;
  source.sys_flag =
      send.header.sys_flag & (wire::sys_flag::kCompressed | wire::sys_flag::kCompressionMask);
  if (topic.config().filter_type == wire::TopicFilterType::kMultiTag)
    source.sys_flag |= wire::sys_flag::kMultiTags;
  source.born_ms = send.header.born_ms;
  source.born_host = send.born_host;
  source.store_host = store_host;
  source.reconsume_times = send.header.reconsume_times;
  return source;
}

}  // namespace

void SendMessageHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                                net::Responder&& reply) {
  Accept(context_.At(request.connection), BorrowSend(header, request), std::move(reply), true);
}

void SendMessageHandler::Refuse(LoopContext& loop, net::Responder reply, const Refused& refused) {
  std::move(reply).Reply<SendRefused>({refused.code, refused.remark},
                                      {loop.marks.region, loop.marks.trace_on});
}

void SendMessageHandler::Accept(LoopContext& loop, const SendRequest& send, net::Responder reply,
                                bool may_create) {
  if (auto refused = CheckRequest(loop, send)) return Refuse(loop, std::move(reply), *refused);
  Target target;
  const auto missing = Resolve(loop, send, &target);
  if (missing != Missing::kNothing) {
    if (may_create) return CreateAndRetry(loop, send, std::move(reply));
    return Refuse(loop, std::move(reply),
                  missing == Missing::kTopic ? TopicMissing(send.header.topic)
                                             : GroupMissing(wire::GroupOfTopic(send.header.topic)));
  }
  if (auto refused = ChooseQueue(loop, send, &target)) {
    return Refuse(loop, std::move(reply), *refused);
  }
  if (send.header.batch) {
    StageBatch(loop, send, target, std::move(reply));
  } else {
    StageOne(loop, send, target, std::move(reply));
  }
}

std::optional<Refused> SendMessageHandler::CheckRequest(const LoopContext& loop,
                                                        const SendRequest& send) const {
  const BrokerConfig& config = *loop.config;
  const auto& topic = send.header.topic;
  if (config.accept_sends_from_ms > 0 && context_.clock.WallNow() < config.accept_sends_from_ms) {
    return Refused{ResponseCode::kSystemError,
                   Concat("broker unable to service, until ", config.accept_sends_from_ms)};
  }
  if (const auto bad = wire::CheckTopicName(topic); !bad.ok()) {
    return Refused{ResponseCode::kInvalidParameter, bad.message()};
  }
  if (const auto bad = wire::CheckProducerGroupName(send.header.producer_group); !bad.ok()) {
    return Refused{ResponseCode::kInvalidParameter, bad.message()};
  }
  if (wire::IsForbiddenToSend(topic)) {
    return Refused{ResponseCode::kNoPermission, wire::ForbiddenTopicText(topic)};
  }
  if (auto bad = wire::CheckMessageSize(send.body.size(), send.header.properties.size(),
                                        context_.store.config().message_bytes_max);
      !bad.ok()) {
    return Illegal(bad.message());
  }
  if (send.header.reconsume_times < 0) return Illegal("reconsumeTimes is negative");
  if (send.header.batch && wire::IsRetryTopic(topic)) {
    return Illegal(wire::BatchOfRetriesText(topic));
  }
  return std::nullopt;
}

bool SendMessageHandler::IsDeadLetter(const SendRequest& send,
                                      const wire::SubscriptionGroupConfig& group) const {
  const auto times_max = RetriesMax(group.retry_max, send.version, send.header.max_reconsume_times);
  return send.header.reconsume_times > times_max || context_.locks.AnyHeld(group.name);
}

SendMessageHandler::Missing SendMessageHandler::Resolve(LoopContext& loop, const SendRequest& send,
                                                        Target* target) {
  target->topic = loop.topics.Find(send.header.topic);
  if (!wire::IsRetryTopic(send.header.topic)) {
    return target->topic == nullptr ? Missing::kTopic : Missing::kNothing;
  }
  const auto* group = loop.groups.Find(wire::GroupOfTopic(send.header.topic));
  if (group == nullptr) return Missing::kGroup;
  if (IsDeadLetter(send, *group)) {
    target->dead_letter = true;
    target->topic = loop.topics.Find(wire::DlqTopicOf(group->name));
  }
  return target->topic == nullptr ? Missing::kTopic : Missing::kNothing;
}

std::optional<Refused> SendMessageHandler::ChooseQueue(LoopContext& loop, const SendRequest& send,
                                                       Target* target) {
  const Topic& topic = *target->topic;
  if ((loop.config->permission & wire::perm::kWrite) == 0 && topic.config().order) {
    return Refused{ResponseCode::kNoPermission,
                   Concat("the broker[", loop.config->ip1, "] sending message is forbidden")};
  }
  if (target->dead_letter) {
    target->queue_id = 0;
  } else if (send.header.queue_id >= topic.queues() || topic.config().write_queues <= 0) {
    return Refused{ResponseCode::kInvalidParameter,
                   Concat("request queueId[", send.header.queue_id, "] is illegal, ",
                          topic.Describe(), " Producer: ", send.peer)};
  } else if (send.header.queue_id >= 0) {
    target->queue_id = send.header.queue_id;
  } else {
    target->queue_id = static_cast<std::int32_t>(
        loop.random.Below(static_cast<std::uint32_t>(topic.config().write_queues)));
  }
  target->told_queue_id = target->queue_id;
  return std::nullopt;
}

std::optional<Refused> SendMessageHandler::CheckFacts(const LoopContext& loop,
                                                      const SendRequest& send,
                                                      const PropertyFacts& facts) const {
  if (facts.transaction || (send.header.sys_flag & wire::sys_flag::kTransactionMask) != 0) {
    return Refused{ResponseCode::kNoPermission,
                   "sending transaction message is forbidden: this broker does not support it"};
  }
  if (facts.timer && facts.delay.empty()) {
    return Refused{ResponseCode::kSystemError,
                   "accurate timer message is not enabled, timerWheelEnable is false"};
  }
  if (facts.inner_batch ||
      (send.header.sys_flag & (wire::sys_flag::kInnerBatch | wire::sys_flag::kNeedUnwrap)) != 0) {
    return Illegal("the message is illegal: inner batches are not supported");
  }
  return TooFewInSync(*loop.config, context_.store.replicas(), facts.wait_store);
}

// A delayed message waits in the queue of its level; its own place is kept in two properties.
std::optional<Refused> SendMessageHandler::Delay(LoopContext& loop, const PropertyFacts& facts,
                                                 Target* target) {
  if (facts.delay.empty()) return std::nullopt;
  const auto asked = ParseDelay(facts.delay);
  if (!asked) return Illegal("the property DELAY is not a number");
  if (*asked <= 0) return std::nullopt;
  const auto level = std::min(*asked, context_.delays.levels());
  // Before the next look into the table, with which the topic found before may go.
  wire::SetProperty(property::kRealTopic, target->topic->name(), &loop.properties);
  wire::SetProperty(property::kRealQueueId, Concat(target->queue_id), &loop.properties);
  const Topic* schedule = loop.topics.Find(wire::kScheduleTopic);
  if (schedule == nullptr || level > schedule->queues()) {
    return Refused{ResponseCode::kSystemError, "the topic of delayed messages is missing"};
  }
  if (level != *asked) wire::SetProperty(property::kDelay, Concat(level), &loop.properties);
  target->topic = schedule;
  target->queue_id = static_cast<std::int32_t>(level - 1);
  return std::nullopt;
}

void SendMessageHandler::StageOne(LoopContext& loop, const SendRequest& send, Target target,
                                  net::Responder reply) {
  const auto facts = RewriteProperties(send.header.properties, loop.marks, &loop.properties);
  if (auto refused = CheckFacts(loop, send, facts)) return Refuse(loop, std::move(reply), *refused);
  PendingSend pending;
  pending.SetUniqueKey(facts.unique_key);
  if (facts.unique_key.empty()) {
    const auto made = context_.ids.Next();
    pending.SetUniqueKey(made);
    wire::AppendProperty(property::kUniqueKey, made, &loop.properties);
  }
  if (target.dead_letter) {
    wire::SetProperty(property::kDelay, "-1", &loop.properties);
  } else if (auto refused = Delay(loop, facts, &target)) {
    return Refuse(loop, std::move(reply), *refused);
  }
  if (loop.properties.size() > wire::kMaxPropertyBytes) {
    return Refuse(loop, std::move(reply), Illegal(std::string(wire::kPropertiesTooLong)));
  }
  auto source = SourceOf(context_.address.Get(), send, *target.topic, target.queue_id);
  source.body = send.body;
  source.properties = loop.properties;
  pending.bytes = static_cast<std::int64_t>(wire::EncodedRecordBytes(source));
  auto& slot = target.topic->Slot(context_.store.queues(), target.queue_id);
  pending.queue = &slot;
  pending.queue_id = target.told_queue_id;
  const auto policy = PutPolicy(*loop.config, context_.store.config(), facts.wait_store);
  Hand(loop, std::move(reply), std::move(pending),
       [&](const Ticket& ticket) { return loop.stager->Stage(source, slot, ticket, policy); });
}

void SendMessageHandler::StageBatch(LoopContext& loop, const SendRequest& send, Target target,
                                    net::Responder reply) {
  const auto facts = RewriteProperties(send.header.properties, loop.marks, &loop.properties);
  if (auto refused = CheckFacts(loop, send, facts)) return Refuse(loop, std::move(reply), *refused);
  const auto count = wire::CountBatch(send.body);
  if (!count.ok()) {
    return Refuse(loop, std::move(reply),
                  Illegal("the message is illegal: batch body: " + count.error().message()));
  }
  PendingSend pending;
  pending.SetUniqueKey(facts.unique_key);
  pending.record_bytes.reserve(*count);
  loop.batch.clear();
  const auto common = SourceOf(context_.address.Get(), send, *target.topic, target.queue_id);
  wire::BatchReader elements(send.body);
  for (wire::BatchElement element; elements.Next(&element);) {
    auto& source = loop.batch.emplace_back(common);
    source.flag = element.flag;
    source.body = element.body;
    source.properties = element.properties;
    pending.record_bytes.push_back(static_cast<std::uint32_t>(wire::EncodedRecordBytes(source)));
    pending.bytes += pending.record_bytes.back();
  }
  auto& slot = target.topic->Slot(context_.store.queues(), target.queue_id);
  pending.queue = &slot;
  pending.queue_id = target.told_queue_id;
  const auto policy = PutPolicy(*loop.config, context_.store.config(), facts.wait_store);
  Hand(loop, std::move(reply), std::move(pending), [&](const Ticket& ticket) {
    return loop.stager->StageBatch(loop.batch, slot, ticket, policy);
  });
}

template <class Stage>
void SendMessageHandler::Hand(LoopContext& loop, net::Responder reply, PendingSend pending,
                              Stage&& stage) {
  const Ticket ticket = std::move(reply).Park();
  const auto staged = stage(ticket);
  if (staged.ok()) {
    if (ticket.loop == Ticket::kNobody) {  // nobody will hear that it is stored, nor this
      loop.stats.Sent(*pending.queue, pending.messages(), pending.bytes, Duration::zero());
      return;
    }
    pending.since = loop.loop.now();
    loop.sends.At(ticket) = std::move(pending);
    return;
  }
  if (ticket.loop == Ticket::kNobody) {
    LOG_WARN_LIMITED << "a one-way message was not stored: " << staged.ToString();
    return;
  }
  auto refused = staged.code() == Status::Code::kInvalid
                     ? Illegal("the message is illegal: " + staged.message())
                     : RefusedBy(context_.store.refusal());
  if (staged.code() == Status::Code::kFull) refused = RefusedBy(store::Refusal::kBusy);
  Refuse(loop, context_.loops.Unpark(ticket), refused);
}

void SendMessageHandler::OnAcks(LoopContext& loop, const std::vector<store::Ack>& acks) {
  for (const auto& ack : acks) Answer(loop, ack);
}

void SendMessageHandler::Answer(LoopContext& loop, const store::Ack& ack) {
  auto reply = context_.loops.Unpark(ack.ticket);
  PendingSend& send = loop.sends.At(ack.ticket);
  const auto since = std::exchange(send.since, MonoTime{});
  if (!reply) return;  // the client has gone
  if (ack.outcome == store::AppendOutcome::kRefused) {
    return Refuse(loop, std::move(reply), RefusedBy(ack.refusal));
  }
  if (ack.outcome == store::AppendOutcome::kFailed) {
    return Refuse(loop, std::move(reply), RefusedBy(store::Refusal::kPoisoned));
  }
  loop.stats.Sent(*send.queue, send.messages(), send.bytes, loop.loop.now() - since);
  char id[wire::kMaxMessageIdChars];
  std::string ids;
  wire::SendMessage::Reply answer;
  if (send.record_bytes.empty()) {
    answer.message_id = wire::FormatMessageId(context_.address.Get(), ack.log_offset, id);
  } else {
    ids = MessageIds(context_.address.Get(), ack.log_offset, send);
    answer.message_id = ids;
    send.record_bytes.clear();
  }
  answer.queue_id = send.queue_id;
  answer.queue_offset = ack.queue_offset;
  answer.transaction_id = send.unique_key();
  answer.region = loop.marks.region;
  answer.trace_on = loop.marks.trace_on;
  std::move(reply).Reply<Request>({OutcomeCode(ack.outcome), std::nullopt}, answer);
}

// On the worker, because a new topic has to be on the disk before anybody hears of it.
void SendMessageHandler::CreateAndRetry(LoopContext& loop, const SendRequest& send,
                                        net::Responder reply) {
  auto owned = std::make_unique<OwnedSend>(send);
  auto share = context_.creations.Take(owned->bytes());
  if (!share) return Refuse(loop, std::move(reply), RefusedBy(store::Refusal::kBusy));
  context_.worker.Post([this, &loop, owned = std::move(owned), share = std::move(*share),
                        reply = std::move(reply)]() mutable {
    auto refused = wire::IsRetryTopic(owned->request().header.topic) ? CreateRetry(owned->request())
                                                                     : Create(owned->request());
    loop.loop.Post([this, &loop, owned = std::move(owned), share = std::move(share),
                    reply = std::move(reply), refused = std::move(refused)]() mutable {
      if (refused) return Refuse(loop, std::move(reply), *refused);
      Accept(loop, owned->request(), std::move(reply), false);
    });
  });
}

std::optional<Refused> SendMessageHandler::Create(const SendRequest& send) {
  const auto& header = send.header;
  const auto config = context_.config.Get();
  if (!config->auto_create_topic || wire::IsDlqTopic(header.topic)) {
    return TopicMissing(header.topic);
  }
  const auto made =
      context_.topics.CreateForSend(header.topic, header.default_topic, header.default_topic_queues,
                                    header.unit_mode ? wire::topic_flag::kUnit : 0);
  if (made.ok()) return std::nullopt;
  if (made.error().code() == Status::Code::kNotFound) return TopicMissing(header.topic);
  return RefusedBy(made.error());
}

std::optional<Refused> SendMessageHandler::CreateRetry(const SendRequest& send) {
  const auto name = wire::GroupOfTopic(send.header.topic);
  const auto group = context_.groups.FindOrCreate(name, context_.config.Get()->auto_create_group);
  if (!group.ok()) return GroupMissing(name);
  const auto unit = send.header.unit_mode ? wire::topic_flag::kUnitSub : 0;
  const auto retry = context_.topics.CreateIfMissing(send.header.topic, 1, unit);
  if (!retry.ok()) return RefusedBy(retry.error());
  if (!IsDeadLetter(send, **group)) return std::nullopt;
  const auto dead = context_.topics.CreateIfMissing(wire::DlqTopicOf(name), 1, 0);
  if (!dead.ok()) return RefusedBy(dead.error());
  return std::nullopt;
}

}  // namespace comet::broker
