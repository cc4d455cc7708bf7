// What groups have done with a message; declared in admin_message.h.
#include <algorithm>
#include <set>
#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_group.h"
#include "sdk/src/admin_message.h"
#include "sdk/src/admin_topic.h"

namespace comet::client {
namespace {

// The message's queue is at the broker that stored it: another broker of the topic has a queue of
// the same number.
bool IsQueueOf(const MessageView& message, const wire::MessageQueue& queue,
               const wire::ClusterInfo& cluster) {
  if (queue.topic != message.topic() || queue.queue_id != message.queue().id) return false;
  const auto broker = cluster.brokers.find(queue.broker_name);
  if (broker == cluster.brokers.end()) return false;
  const auto master = broker->second.addresses.find(0);
  return master != broker->second.addresses.end() && master->second == message.store_host();
}

bool WantsTag(const wire::ConsumerConnection& clients, const MessageView& message) {
  const auto at = clients.subscriptions.find(std::string(message.topic()));
  if (at == clients.subscriptions.end()) return true;
  const std::set<std::string>& tags = at->second.tags;
  return tags.empty() || tags.count("*") != 0 || tags.count(std::string(message.tag())) != 0;
}

StatusOr<bool> IsConsumed(AdminCalls& calls, const MessageView& message, const std::string& group) {
  COMET_ASSIGN(const wire::ConsumeStats stats, GetConsumeStats(calls, group, ""));
  COMET_ASSIGN(const wire::ClusterInfo cluster, GetCluster(calls));
  return std::any_of(stats.offsets.begin(), stats.offsets.end(), [&](const auto& entry) {
    return IsQueueOf(message, entry.first, cluster) &&
           entry.second.consumer_offset > message.queue_offset();
  });
}

MessageTrack TrackGroup(AdminCalls& calls, const MessageView& message, const std::string& group) {
  MessageTrack track{group, "UNKNOWN", std::nullopt};
  const auto clients = GetConsumerConnections(calls, group);
  if (!clients.ok()) {
    if (clients.error().code() == Status::Code::kNotFound) track.type = "NOT_ONLINE";
    track.trouble = clients.error().message();
    return track;
  }
  if (clients->type == wire::ConsumeType::kActively) {
    track.type = "PULL";
    return track;
  }
  if (clients->model == wire::MessageModel::kBroadcasting) {
    track.type = "CONSUME_BROADCASTING";
    return track;
  }
  const auto consumed = IsConsumed(calls, message, group);
  if (!consumed.ok()) {
    track.trouble = consumed.error().message();
    return track;
  }
  track.type = !*consumed                    ? "NOT_CONSUME_YET"
               : WantsTag(*clients, message) ? "CONSUMED"
                                             : "CONSUMED_BUT_FILTERED";
  return track;
}

}  // namespace

StatusOr<std::vector<MessageTrack>> TrackMessage(AdminCalls& calls, const MessageView& message) {
  const std::string topic(message.topic());
  COMET_ASSIGN(const wire::TopicRouteData route, GetRoute(calls, topic));
  COMET_ASSIGN(const std::vector<std::string> groups, GetGroupsOfTopic(calls, route, topic));
  std::vector<MessageTrack> tracks;
  for (const std::string& group : groups) tracks.push_back(TrackGroup(calls, message, group));
  return tracks;
}

}  // namespace comet::client
