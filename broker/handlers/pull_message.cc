#include "broker/handlers/pull_message.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "broker/handlers/check_names.h"
#include "broker/slave/metadata_sync.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/names.h"

namespace comet::broker {
namespace {

constexpr std::int32_t kLitePullCode = 361;
constexpr std::int32_t kMessagesMax = 1024;
constexpr std::int64_t kSuspendMsMax = 5 * 60 * 1000;
constexpr auto kLookAgainDelay = std::chrono::seconds(1);

// Values of forbiddenType in an answer that forbids.
constexpr std::int32_t kBrokerForbidden = 1, kGroupForbidden = 2, kTopicForbidden = 3,
                       kBroadcastForbidden = 4;

struct PullDenied {
  static constexpr std::string_view kName = "PULL_MESSAGE";
  static constexpr wire::Codes kCodes = {};
  using Header = wire::NoFields;
  struct Reply {
    std::optional<std::int32_t> forbidden_type;
    static constexpr auto Fields() {
      return Declaration{F(&Reply::forbidden_type, "forbiddenType", Need::kOptional,
                           "1 broker, 2 group, 3 topic, 4 broadcast.")};
    }
  };
};

struct StatusText {
  store::ReadStatus status;
  std::int32_t code;
  std::string_view name;
};

constexpr StatusText kStatusTexts[] = {
    {store::ReadStatus::kFound, ResponseCode::kSuccess, "FOUND"},
    {store::ReadStatus::kNoMatchedMessage, ResponseCode::kPullRetryImmediately,
     "NO_MATCHED_MESSAGE"},
    {store::ReadStatus::kMessageWasRemoving, ResponseCode::kPullRetryImmediately,
     "MESSAGE_WAS_REMOVING"},
    {store::ReadStatus::kOffsetFoundNull, ResponseCode::kPullNotFound, "OFFSET_FOUND_NULL"},
    {store::ReadStatus::kOffsetOverflowBadly, ResponseCode::kPullOffsetMoved,
     "OFFSET_OVERFLOW_BADLY"},
    {store::ReadStatus::kOffsetOverflowOne, ResponseCode::kPullNotFound, "OFFSET_OVERFLOW_ONE"},
    {store::ReadStatus::kOffsetTooSmall, ResponseCode::kPullOffsetMoved, "OFFSET_TOO_SMALL"},
    {store::ReadStatus::kNoMatchedLogicQueue, ResponseCode::kPullNotFound,
     "NO_MATCHED_LOGIC_QUEUE"},
    {store::ReadStatus::kNoMessageInQueue, ResponseCode::kPullNotFound, "NO_MESSAGE_IN_QUEUE"},
};

const StatusText& TextOf(store::ReadStatus status) {
  return *std::find_if(std::begin(kStatusTexts), std::end(kStatusTexts),
                       [&](const auto& text) { return text.status == status; });
}

bool QueueIsEmpty(store::ReadStatus status) {
  return status == store::ReadStatus::kNoMatchedLogicQueue ||
         status == store::ReadStatus::kNoMessageInQueue;
}

bool ByTags(std::string_view expression_type) {
  return expression_type.empty() || expression_type == "TAG";
}

}  // namespace

void PullMessageHandler::Deny(net::Responder reply, const Denied& denied) {
  std::move(reply).Reply<PullDenied>({denied.code, denied.remark}, {denied.forbidden_type});
}

void PullMessageHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                                net::Responder&& reply) {
  Accept(context_.At(request.connection), header, request.head.code, request.peer.text,
         std::move(reply), true);
}

void PullMessageHandler::Accept(LoopContext& loop, const Request::Header& header, std::int32_t code,
                                std::string_view peer, net::Responder reply, bool may_create) {
  const auto& config = *loop.config;
  if (!wire::perm::IsReadable(config.permission)) {
    return Deny(
        std::move(reply),
        {ResponseCode::kNoPermission,
         Concat("the broker[", config.ip1, "] pulling message is forbidden"), kBrokerForbidden});
  }
  if (code == kLitePullCode && !config.lite_pull) {
    return Deny(std::move(reply), {ResponseCode::kNoPermission,
                                   Concat("the broker[", config.ip1,
                                          "] for lite pull consumer is "
                                          "forbidden"),
                                   kBrokerForbidden});
  }
  const auto* group = loop.groups.Find(header.consumer_group);
  if (group == nullptr) {
    if (auto bad = BadGroup(header.consumer_group)) {
      return Deny(std::move(reply), {bad->code, bad->remark});
    }
    if (may_create) return CreateGroupAndRetry(loop, header, code, peer, std::move(reply));
    return Deny(std::move(reply), {ResponseCode::kSubscriptionGroupNotExist,
                                   Concat("subscription group [", header.consumer_group,
                                          "] does not exist, ", wire::kFaqSuffix)});
  }
  const Topic* topic = loop.topics.Find(header.topic);
  if (auto denied = CheckTarget(loop, header, peer, topic, *group)) {
    return Deny(std::move(reply), *denied);
  }
  auto job = std::make_unique<Job>();
  if (auto denied = ChooseFilter(header, *group, job.get())) {
    return Deny(std::move(reply), *denied);
  }
  job->group = header.consumer_group;
  job->queue = &topic->Slot(context_.store.queues(), header.queue_id);
  job->asked = job->scan_from = header.queue_offset;
  job->limits.messages_max = std::clamp(header.max_messages, 1, kMessagesMax);
  if (header.max_bytes && *header.max_bytes > 0) job->limits.bytes_max = *header.max_bytes;
  job->topic_sys_flag = topic->config().sys_flag;
  job->group_sys_flag = group->sys_flag;
  job->broker_id = group->broker_id;
  job->slow_broker_id = group->broker_when_slow;
  job->may_wait = (header.sys_flag & wire::pull_flag::kSuspend) != 0;
  const auto wait_ms = config.long_polling
                           ? std::clamp<std::int64_t>(header.suspend_timeout_ms, 0, kSuspendMsMax)
                           : config.short_polling_ms;
  job->deadline = context_.clock.Now() + std::chrono::milliseconds(wait_ms);
  job->reply = std::move(reply);
  if ((header.sys_flag & wire::pull_flag::kCommitOffset) != 0 && header.commit_offset >= 0) {
    context_.offsets.Commit(job->group, job->queue->topic(), job->queue->id(),
                            header.commit_offset);
  }
  Run(loop, std::move(job));
}

std::optional<PullMessageHandler::Denied> PullMessageHandler::CheckTarget(
    LoopContext& loop, const Request::Header& header, std::string_view peer, const Topic* topic,
    const wire::SubscriptionGroupConfig& group) const {
  if (!group.consume_enable) {
    return Denied{ResponseCode::kNoPermission,
                  Concat("subscription group no permission, ", header.consumer_group),
                  kGroupForbidden};
  }
  if (topic == nullptr) {
    if (auto bad = BadTopic(header.topic)) return Denied{bad->code, bad->remark};
    return Denied{
        ResponseCode::kTopicNotExist,
        Concat("topic[", header.topic, "] not exist, apply first please! ", wire::kFaqSuffix)};
  }
  if (!wire::perm::IsReadable(topic->config().perm)) {
    return Denied{ResponseCode::kNoPermission,
                  Concat("the topic[", header.topic, "] pulling message is forbidden"),
                  kTopicForbidden};
  }
  if (header.queue_id < 0 || header.queue_id >= topic->config().read_queues) {
    return Denied{ResponseCode::kInvalidParameter,
                  Concat("queueId[", header.queue_id, "] is illegal, topic:[", header.topic,
                         "] topicConfig.readQueueNums:[", topic->config().read_queues,
                         "] consumer:[/", peer, "]")};
  }
  (void)loop;
  return std::nullopt;
}

std::optional<PullMessageHandler::Denied> PullMessageHandler::ChooseFilter(
    const Request::Header& header, const wire::SubscriptionGroupConfig& group, Job* job) const {
  if ((header.sys_flag & wire::pull_flag::kSubscription) == 0)
    return UseRegistered(header, group, job);
  if (!ByTags(header.expression_type)) {
    return Denied{ResponseCode::kSystemError,
                  Concat("The broker does not support consumer to filter message by ",
                         header.expression_type)};
  }
  if ((header.sys_flag & wire::pull_flag::kClassFilter) == 0) {
    job->own_filter = store::TagFilter(header.subscription.value_or("*"));
  }
  return std::nullopt;
}

std::optional<PullMessageHandler::Denied> PullMessageHandler::UseRegistered(
    const Request::Header& header, const wire::SubscriptionGroupConfig& group, Job* job) const {
  auto found = context_.clients.Find(header.consumer_group, header.topic);
  if (!found.group_exists) {
    return Denied{ResponseCode::kSubscriptionNotExist,
                  Concat("the consumer's group info not exist", wire::kFaqSuffix)};
  }
  if (!group.consume_broadcast && found.broadcasting) {
    return Denied{
        ResponseCode::kNoPermission,
        Concat("the consumer group[", header.consumer_group, "] can not consume by broadcast way"),
        kBroadcastForbidden};
  }
  if (found.subscription == nullptr) {
    return Denied{ResponseCode::kSubscriptionNotExist,
                  Concat("the consumer's subscription not exist", wire::kFaqSuffix)};
  }
  if (found.subscription->data.version < header.sub_version) {
    return Denied{ResponseCode::kSubscriptionNotLatest, "the consumer's subscription not latest"};
  }
  if (!found.subscription->by_tags()) {
    return Denied{ResponseCode::kSystemError,
                  Concat("The broker does not support consumer to filter message by ",
                         found.subscription->data.expression_type)};
  }
  job->subscription = std::move(found.subscription);
  return std::nullopt;
}

// On the worker, because a new group has to be on the disk before it is used.
void PullMessageHandler::CreateGroupAndRetry(LoopContext& loop, const Request::Header& header,
                                             std::int32_t code, std::string_view peer,
                                             net::Responder reply) {
  struct Owned {
    std::string group, topic, subscription, expression_type, peer;
    Request::Header header;

    std::size_t bytes() const {
      return sizeof(*this) + group.size() + topic.size() + subscription.size() +
             expression_type.size() + peer.size();
    }
  };
  auto owned = std::make_unique<Owned>();
  owned->group = header.consumer_group;
  owned->topic = header.topic;
  owned->subscription = header.subscription.value_or("");
  owned->expression_type = header.expression_type;
  owned->peer = peer;
  owned->header = header;
  owned->header.consumer_group = owned->group;
  owned->header.topic = owned->topic;
  if (header.subscription) owned->header.subscription = owned->subscription;
  owned->header.expression_type = owned->expression_type;
  owned->header.proxy_client_id = owned->header.lite_topic = owned->header.broker_name = {};
  auto share = context_.creations.Take(owned->bytes());
  if (!share) {
    const auto busy = RefusedBy(store::Refusal::kBusy);
    return Deny(std::move(reply), {busy.code, busy.remark});
  }
  context_.worker.Post([this, &loop, owned = std::move(owned), share = std::move(*share), code,
                        reply = std::move(reply)]() mutable {
    // Not created: the second attempt says so.
    const bool create = context_.config.Get()->auto_create_group;
    const auto* sync = context_.metadata_sync;
    static_cast<void>(sync != nullptr && !sync->master_alive()
                          ? context_.groups.FindOrLend(owned->group, create)
                          : context_.groups.FindOrCreate(owned->group, create));
    loop.loop.Post([this, &loop, owned = std::move(owned), share = std::move(share), code,
                    reply = std::move(reply)]() mutable {
      Accept(loop, owned->header, code, owned->peer, std::move(reply), false);
    });
  });
}

void PullMessageHandler::Run(LoopContext& loop, JobPtr job) {
  auto& queue = *job->queue;
  if (const auto reset = context_.offsets.TakeReset(job->group, queue.topic(), queue.id())) {
    wire::PullMessage::Reply answer;
    answer.next_offset = *reset;
    answer.min_offset = queue.queue().begin();
    answer.max_offset = queue.queue().end();
    answer.topic_sys_flag = job->topic_sys_flag;
    answer.group_sys_flag = job->group_sys_flag;
    std::move(job->reply).Reply<Request>({ResponseCode::kPullOffsetMoved, "OFFSET_RESET"}, answer);
    return;
  }
  job->started = loop.stats.TimesThisPull() ? context_.clock.Now() : MonoTime{};
  if (cold_read_.Wanted(queue, job->scan_from, job->limits)) return RunCold(loop, std::move(job));
  const auto result = context_.reader.Read(&queue, job->scan_from, job->limits, &job->filter());
  Finish(loop, std::move(job), result);
}

// From the disk: now, later, or not at all.
void PullMessageHandler::RunCold(LoopContext& loop, JobPtr job) {
  const auto& config = *loop.config;
  if (!config.cold_flow_control) return ReadCold(loop, std::move(job));
  job->booking =
      context_.cold_flow.Book(job->group, {config.cold_bytes_a_group, config.cold_bytes_of_all});
  if (!job->booking) {
    auto remark = Concat(
        "the broker reads no more old messages from its disk for group ", job->group,
        " now, ask again in some seconds: cgColdReadThreshold=", config.cold_bytes_a_group,
        " or globalColdReadThreshold=", config.cold_bytes_of_all, " bytes in 5 s are used up");
    LOG_WARN_LIMITED << "pull refused: " << remark;
    return Deny(std::move(job->reply), {ResponseCode::kSystemBusy, std::move(remark)});
  }
  if (job->booking->wait > Duration::zero()) return Hold(loop, std::move(job));
  ReadCold(loop, std::move(job));
}

void PullMessageHandler::Hold(LoopContext& loop, JobPtr job) {
  auto place = held_.Take(1);
  if (!place) {
    context_.cold_flow.Settle(job->group, *job->booking, 0);
    const auto busy = RefusedBy(store::Refusal::kBusy);
    return Deny(std::move(job->reply), {busy.code, busy.remark});
  }
  const auto wait = job->booking->wait;
  loop.loop.After(wait, [this, &loop, job = std::move(job), place = std::move(place)]() mutable {
    if (cold_read_.Wanted(*job->queue, job->scan_from, job->limits)) {
      if (job->started != MonoTime{}) job->started = context_.clock.Now();
      return ReadCold(loop, std::move(job));
    }
    // Another reader has brought it into memory.
    context_.cold_flow.Settle(job->group, *job->booking, 0);
    Run(loop, std::move(job));
  });
}

void PullMessageHandler::ReadCold(LoopContext& loop, JobPtr job) {
  const ColdRead::Request request{*job->queue, job->scan_from,
                                  job->limits, job->filter(),
                                  job->group,  std::exchange(job->booking, std::nullopt)};
  cold_read_.Read(request, loop.loop,
                  [this, &loop, job = std::move(job)](store::ReadResult result) mutable {
                    Finish(loop, std::move(job), result);
                  });
}

void PullMessageHandler::Finish(LoopContext& loop, JobPtr job, const store::ReadResult& result) {
  using store::ReadStatus;
  // A pull that has waited goes on waiting behind what its filter has refused.
  const bool refused_all = result.status == ReadStatus::kNoMatchedMessage && job->has_waited;
  if (result.status == ReadStatus::kNoMatchedMessage) job->scan_from = result.next_offset;
  const auto turn = advice_.TurnOf(*loop.config, result.status, job->asked);
  const bool at_end = turn == ReadAdvice::Turn::kWait ||
                      result.status == ReadStatus::kOffsetOverflowOne ||
                      (QueueIsEmpty(result.status) && job->asked == 0) || refused_all;
  const bool unreadable = result.status == ReadStatus::kOffsetFoundNull;
  if ((at_end || unreadable) && turn != ReadAdvice::Turn::kToMaster && job->may_wait &&
      !loop.long_poll.full() && context_.clock.Now() < job->deadline) {
    return unreadable ? LookAgain(loop, std::move(job)) : Wait(loop, std::move(job));
  }
  Answer(loop, *job, result, turn);
}

void PullMessageHandler::Wait(LoopContext& loop, JobPtr job) {
  job->has_waited = true;
  auto* queue = job->queue;
  const auto index = job->scan_from;
  const auto deadline = job->deadline;
  const auto connection = job->reply.connection();
  loop.long_poll.Park(queue, index, deadline, connection,
                      [this, &loop, job = std::move(job)](LongPoll::Woken woken) mutable {
                        if (woken == LongPoll::Woken::kTimeout) job->may_wait = false;
                        Run(loop, std::move(job));
                      });
  loop.dispatch.Awaited();
}

// For entries that cannot be read now: no message tells when they can, so it is tried again now and
// then. A client that is told at once comes back at once.
void PullMessageHandler::LookAgain(LoopContext& loop, JobPtr job) {
  constexpr auto kNoMessage = std::numeric_limits<std::int64_t>::max();
  job->has_waited = true;
  auto* queue = job->queue;
  const auto at = std::min(job->deadline, context_.clock.Now() + kLookAgainDelay);
  const auto connection = job->reply.connection();
  loop.long_poll.Park(queue, kNoMessage, at, connection,
                      [this, &loop, at, job = std::move(job)](LongPoll::Woken /*woken*/) mutable {
                        if (context_.clock.Now() < at) job->may_wait = false;  // all are woken
                        Run(loop, std::move(job));
                      });
}

void PullMessageHandler::Answer(LoopContext& loop, Job& job, const store::ReadResult& result,
                                ReadAdvice::Turn turn) {
  const auto& text = TextOf(result.status);
  auto code = text.code;
  if (QueueIsEmpty(result.status) && job.asked != 0) code = ResponseCode::kPullOffsetMoved;
  auto remark = text.name;
  // Nothing to give, but the client need not ask for the refused ones again.
  if (code == ResponseCode::kPullNotFound && result.next_offset > job.asked) {
    code = ResponseCode::kPullRetryImmediately;
    remark = TextOf(store::ReadStatus::kNoMatchedMessage).name;
  }
  wire::PullMessage::Reply answer;
  answer.next_offset = result.next_offset;
  answer.suggest_broker_id = advice_.Suggest(
      *loop.config, {*job.queue, job.asked, job.broker_id, job.slow_broker_id}, result);
  if (turn == ReadAdvice::Turn::kToMaster) {
    if (code == ResponseCode::kPullOffsetMoved) answer.next_offset = job.asked;
    code = ResponseCode::kPullRetryImmediately;
    answer.suggest_broker_id = 0;
  } else if (turn == ReadAdvice::Turn::kWait) {
    code = ResponseCode::kPullNotFound;
    answer.next_offset = job.asked;
  }
  answer.min_offset = result.min_offset;
  answer.max_offset = result.max_offset;
  answer.topic_sys_flag = job.topic_sys_flag;
  answer.group_sys_flag = job.group_sys_flag;
  context_.offsets.NotePull(job.group, job.queue->topic(), job.queue->id(), answer.next_offset);
  if (code == ResponseCode::kSuccess) {
    loop.stats.Found(job.queue->topic(), job.group, result.messages, result.bytes);
    if (job.started != MonoTime{}) loop.stats.PullTook(context_.clock.Now() - job.started);
  } else {
    loop.stats.Missed();
  }
  loop.parts.clear();
  for (const auto& range : result.ranges) {
    loop.parts.push_back({range.bytes, range.pin, range.descriptor, range.file_position});
  }
  std::move(job.reply).Reply<Request>({code, remark}, answer, net::Body(loop.parts));
  loop.parts.clear();
}

}  // namespace comet::broker
