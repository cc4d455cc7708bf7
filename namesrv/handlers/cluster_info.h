#pragma once

#include <utility>

#include "namesrv/registry.h"
#include "remoting/base/describe_json.h"
#include "remoting/net/router.h"
#include "remoting/wire/bodies/cluster_info.h"
#include "remoting/wire/requests/get_broker_members.h"
#include "remoting/wire/requests/get_cluster_info.h"
#include "remoting/wire/response_code.h"

namespace comet::namesrv {

// All clusters with all their brokers.
class ClusterInfoHandler {
 public:
  using Request = wire::GetClusterInfo;
  static constexpr net::Lane kLane = net::Lane::kLoop;

  explicit ClusterInfoHandler(const Registry& registry) : registry_(registry) {}
  void Handle(const Request::Header& /*header*/, const net::RequestContext& /*request*/,
              net::Responder reply) {
    std::move(reply).Plain({}, ToJson(registry_.Clusters()));
  }

 private:
  const Registry& registry_;
};

// The brokers of one name; none when it is unknown.
class BrokerMembersHandler {
 public:
  using Request = wire::GetBrokerMembers;
  static constexpr net::Lane kLane = net::Lane::kLoop;

  explicit BrokerMembersHandler(const Registry& registry) : registry_(registry) {}
  void Handle(const Request::Header& header, const net::RequestContext& /*request*/,
              net::Responder reply) {
    wire::BrokerMemberGroup group;
    group.members.cluster = header.cluster_name;
    group.members.broker_name = header.broker_name;
    group.members.addresses = registry_.Addresses(header.cluster_name, header.broker_name);
    // The remark is what Apache's name server says, which forgets to set one.
    std::move(reply).Plain({wire::ResponseCode::kSuccess, "not set any response code"},
                           ToJson(group));
  }

 private:
  const Registry& registry_;
};

}  // namespace comet::namesrv
