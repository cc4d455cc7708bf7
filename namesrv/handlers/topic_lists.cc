#include "namesrv/handlers/topic_lists.h"

#include <optional>
#include <string>
#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/response_code.h"

namespace comet::namesrv {
namespace {

using wire::topic_flag::kUnit;
using wire::topic_flag::kUnitSub;

// Clusters and brokers have a topic of their name each; the rest a broker has to tell.
wire::TopicList SystemTopics(const Registry& registry) {
  const wire::ClusterInfo info = registry.Clusters();
  wire::TopicList list;
  for (const auto& [cluster, brokers] : info.clusters) {
    list.topics.push_back(cluster);
    list.topics.insert(list.topics.end(), brokers.begin(), brokers.end());
  }
  for (const auto& [name, broker] : info.brokers) {
    if (!list.broker_addr && !broker.addresses.empty()) {
      list.broker_addr = broker.addresses.begin()->second;
    }
  }
  return list;
}

template <wire::Request R>
wire::TopicList List(const Registry& registry, const typename R::Header& header) {
  if constexpr (std::is_same_v<R, wire::GetTopicsByCluster>) {
    return {registry.TopicsOfCluster(header.cluster), std::nullopt};
  } else if constexpr (std::is_same_v<R, wire::GetSystemTopicsFromNamesrv>) {
    return SystemTopics(registry);
  } else if constexpr (std::is_same_v<R, wire::GetUnitTopics>) {
    return {registry.TopicsWithFlags(kUnit, kUnit), std::nullopt};
  } else if constexpr (std::is_same_v<R, wire::GetUnitSubTopics>) {
    return {registry.TopicsWithFlags(kUnitSub, kUnitSub), std::nullopt};
  } else if constexpr (std::is_same_v<R, wire::GetUnitSubUnunitTopics>) {
    return {registry.TopicsWithFlags(kUnit | kUnitSub, kUnitSub), std::nullopt};
  } else {
    return {registry.Topics(), std::nullopt};
  }
}

// Operators may switch off the lists, because of their size. The system topics always work.
template <wire::Request R>
bool IsEnabled(const NamesrvConfig& settings) {
  if constexpr (std::is_same_v<R, wire::GetSystemTopicsFromNamesrv>) return true;
  if constexpr (std::is_same_v<R, wire::GetAllTopics>) return settings.all_topic_list;
  return settings.topic_lists;
}

}  // namespace

template <wire::Request R>
void TopicListHandler<R>::Handle(const typename R::Header& header,
                                 const net::RequestContext& /*request*/, net::Responder reply) {
  if (!IsEnabled<R>(*settings_.Get())) {
    return std::move(reply).Fail(wire::ResponseCode::kSystemError, "disable");
  }
  std::move(reply).Plain({}, ToJson(List<R>(registry_, header)));
}

template class TopicListHandler<wire::GetAllTopics>;
template class TopicListHandler<wire::GetTopicsByCluster>;
template class TopicListHandler<wire::GetSystemTopicsFromNamesrv>;
template class TopicListHandler<wire::GetUnitTopics>;
template class TopicListHandler<wire::GetUnitSubTopics>;
template class TopicListHandler<wire::GetUnitSubUnunitTopics>;

}  // namespace comet::namesrv
