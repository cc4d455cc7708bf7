#pragma once

#include "namesrv/namesrv_config.h"
#include "namesrv/registry.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/get_all_topics.h"
#include "remoting/wire/requests/get_system_topics_from_namesrv.h"
#include "remoting/wire/requests/get_topics_by_cluster.h"
#include "remoting/wire/requests/get_unit_sub_topics.h"
#include "remoting/wire/requests/get_unit_sub_ununit_topics.h"
#include "remoting/wire/requests/get_unit_topics.h"

namespace comet::namesrv {

// One of the requests that are answered with a list of topics: R says which.
template <wire::Request R>
class TopicListHandler {
 public:
  using Request = R;
  static constexpr net::Lane kLane = net::Lane::kLoop;

  TopicListHandler(const Registry& registry, const Live<NamesrvConfig>& settings)
      : registry_(registry), settings_(settings) {}
  void Handle(const typename R::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  const Registry& registry_;
  const Live<NamesrvConfig>& settings_;
};

using AllTopicsHandler = TopicListHandler<wire::GetAllTopics>;
using ClusterTopicsHandler = TopicListHandler<wire::GetTopicsByCluster>;
using SystemTopicsHandler = TopicListHandler<wire::GetSystemTopicsFromNamesrv>;
using UnitTopicsHandler = TopicListHandler<wire::GetUnitTopics>;
using UnitSubTopicsHandler = TopicListHandler<wire::GetUnitSubTopics>;
using UnitSubUnunitTopicsHandler = TopicListHandler<wire::GetUnitSubUnunitTopics>;

}  // namespace comet::namesrv
