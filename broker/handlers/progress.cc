#include "broker/handlers/progress.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "broker/status_to_code.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/bodies/stats.h"

namespace comet::broker {
namespace {

// Store time of a message; 0 when it cannot be told.
std::int64_t TimeAt(const Context& context, const store::QueueSlot& queue, std::int64_t offset) {
  return offset < 0 ? 0 : std::max<std::int64_t>(context.reader.StoreTimeAt(queue, offset), 0);
}

wire::TopicOffset BoundsOf(const Context& context, const store::QueueSlot* queue) {
  if (queue == nullptr) return {};
  const auto end = queue->queue().end();
  return {queue->queue().begin(), end, TimeAt(context, *queue, end - 1)};
}

wire::QueueProgress ProgressOf(const Context& context, std::string_view group,
                               std::string_view topic, std::int32_t queue_id) {
  const auto* queue = context.store.queues().Find(topic, queue_id);
  wire::QueueProgress progress;
  progress.broker_offset = queue == nullptr ? 0 : queue->queue().end();
  progress.consumer_offset =
      std::max<std::int64_t>(context.offsets.Query(group, topic, queue_id), 0);
  progress.pull_offset =
      std::max(progress.consumer_offset, context.offsets.PullOffset(group, topic, queue_id));
  if (queue != nullptr) {
    progress.last_timestamp_ms = TimeAt(context, *queue, progress.consumer_offset - 1);
  }
  return progress;
}

void AddProgress(const Context& context, std::string_view group, const Topic& topic,
                 wire::ConsumeStats* stats) {
  const std::string broker = context.config.Get()->name;
  for (std::int32_t id = 0; id < topic.config().read_queues; ++id) {
    stats->offsets.emplace(wire::MessageQueue{topic.name(), broker, id},
                           ProgressOf(context, group, topic.name(), id));
  }
  stats->tps += context.stats.MinuteTps(StatKind::kGroupGet, Concat(topic.name(), "@", group));
}

std::vector<std::string> Split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto one = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    if (!one.empty()) parts.emplace_back(one);
  }
  return parts;
}

// Those asked for, or all of the group. Topics that the members online do not subscribe to are
// left out, unless they were listed.
std::vector<std::string> TopicsOf(const Context& context,
                                  const wire::GetConsumeStats::Header& header) {
  if (!header.topic_list.empty()) return Split(header.topic_list);
  std::vector<std::string> topics;
  if (!header.topic.empty()) {
    topics.emplace_back(header.topic);
  } else {
    topics = context.offsets.TopicsOf(header.consumer_group);
  }
  if (!context.clients.HasConsumers(header.consumer_group)) return topics;
  std::erase_if(topics, [&](const std::string& topic) {
    return context.clients.Find(header.consumer_group, topic).subscription == nullptr;
  });
  return topics;
}

}  // namespace

void GetTopicStatsHandler::Handle(const Request::Header& header,
                                  const net::RequestContext& /*request*/, net::Responder&& reply) {
  const auto topic = context_.topics.Find(header.topic);
  if (topic == nullptr) {
    return std::move(reply).Fail(ResponseCode::kTopicNotExist,
                                 Concat("topic[", header.topic, "] not exist"));
  }
  const std::string broker = context_.config.Get()->name;
  wire::TopicStatsTable table;
  table.put_tps = context_.stats.MinuteTps(StatKind::kTopicPut, header.topic);
  for (std::int32_t id = 0; id < topic->queues(); ++id) {
    const auto* queue = context_.store.queues().Find(header.topic, id);
    table.offsets.emplace(wire::MessageQueue{topic->name(), broker, id}, BoundsOf(context_, queue));
  }
  std::move(reply).Plain({}, ToJson(table));
}

void GetConsumeStatsHandler::Handle(const Request::Header& header,
                                    const net::RequestContext& /*request*/,
                                    net::Responder&& reply) {
  wire::ConsumeStats answer;
  for (const auto& name : TopicsOf(context_, header)) {
    const auto topic = context_.topics.Find(name);
    if (topic != nullptr) AddProgress(context_, header.consumer_group, *topic, &answer);
  }
  std::move(reply).Plain({}, ToJson(answer));
}

void GetBrokerConsumeStatsHandler::Handle(const Request::Header& header,
                                          const net::RequestContext& /*request*/,
                                          net::Responder&& reply) {
  wire::BrokerConsumeStats answer;
  answer.broker_addr = Concat(context_.config.Get()->ip1, ":", context_.address.Get().port);
  for (const auto& group : context_.groups.All()) {
    wire::GetConsumeStats::Header all;
    all.consumer_group = group->name;
    auto& list = answer.groups.emplace_back()[group->name];
    for (const auto& name : TopicsOf(context_, all)) {
      const auto topic = context_.topics.Find(name);
      if (topic == nullptr || (header.order && !topic->config().order)) continue;
      auto& stats = list.emplace_back();
      AddProgress(context_, group->name, *topic, &stats);
      for (const auto& [queue, progress] : stats.offsets) {
        answer.total_diff += progress.broker_offset - progress.consumer_offset;
        answer.total_inflight_diff += progress.pull_offset - progress.consumer_offset;
      }
    }
  }
  std::move(reply).Plain({}, ToJson(answer));
}

void QueryTopicGroupsHandler::Handle(const Request::Header& header,
                                     const net::RequestContext& /*request*/,
                                     net::Responder&& reply) {
  auto groups = context_.clients.GroupsOf(header.topic);
  const auto stored = context_.offsets.GroupsOf(header.topic);
  groups.insert(groups.end(), stored.begin(), stored.end());
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  std::move(reply).Plain({}, ToJson(wire::GroupList{std::move(groups)}));
}

void QueryGroupTopicsHandler::Handle(const Request::Header& header,
                                     const net::RequestContext& /*request*/,
                                     net::Responder&& reply) {
  auto topics = context_.offsets.TopicsOf(header.group);
  std::sort(topics.begin(), topics.end());
  wire::TopicList list{std::move(topics),
                       Concat(context_.config.Get()->ip1, ":", context_.address.Get().port)};
  std::move(reply).Plain({}, ToJson(list));
}

}  // namespace comet::broker
