#include <array>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/targets.h"
#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "remoting/wire/requests/delete_group.h"
#include "remoting/wire/requests/delete_topic.h"
#include "remoting/wire/requests/delete_topic_route.h"
#include "sdk/src/admin_group.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kDeleteSubGroupOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "On this broker, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional,
           "On every master of this cluster, with the group's retry and dead-letter topics"},
    Option{'g', "groupName", Takes::kValue, Must::kRequired, "Consumer group to delete"},
    Option{'r', "removeOffset", Takes::kValue, Must::kOptional,
           "true: also how far it has consumed"}};

// What is asked for, on one broker after the other.
struct Plan {
  std::string group, cluster;
  bool offsets = false;
};

StatusOr<Step> DeleteOnBroker(Context& context, const std::string& address, const Plan& plan) {
  COMET_ASSIGN(const auto groups, client::GetGroups(context.admin, address));
  const auto before = groups.find(plan.group);
  Step step{wire::DeleteGroup::kName, address,
            Concat("group ", plan.group, plan.offsets ? " with its offsets" : "")};
  step.differences =
      DifferencesOf(before == groups.end() ? Json() : JsonOf(before->second), Json());
  step.send = [&context, address, plan]() -> StatusOr<std::string> {
    COMET_TRY(client::DeleteGroup(context.admin, address, plan.group, plan.offsets));
    const std::string where =
        plan.cluster.empty() ? "" : Concat(" in cluster [", plan.cluster, "]");
    return Concat("delete subscription group [", plan.group, "] from broker [", address, "]", where,
                  " success.\n");
  };
  return step;
}

Step DeleteTopicOnBroker(Context& context, const std::string& address, const std::string& topic) {
  Step step{wire::DeleteTopic::kName, address, Concat("topic ", topic)};
  step.after_success = true;
  step.send = [&context, address, topic]() -> StatusOr<std::string> {
    COMET_TRY(client::DeleteTopic(context.admin, address, topic));
    return std::string();
  };
  return step;
}

Step DeleteRetryRoute(Context& context, const std::string& topic, const std::string& cluster) {
  Step step{wire::DeleteTopicRoute::kName, Joined(context.admin.namesrv(), ";"),
            Concat("route of topic ", topic, " in cluster ", cluster)};
  step.after_success = true;
  step.send = [&context, topic, cluster]() -> StatusOr<std::string> {
    COMET_TRY(client::DeleteTopicRoute(context.admin, topic, cluster));
    return std::string();
  };
  return step;
}

Status RunDeleteSubGroup(Context& context, const Arguments& arguments) {
  Plan plan{arguments.Text("groupName"), arguments.Text("clusterName")};
  COMET_ASSIGN(plan.offsets, arguments.BoolOr("removeOffset", false));
  COMET_ASSIGN(const std::vector<Target> targets, MastersOf(context, arguments));
  std::vector<Step> steps;
  for (const Target& target : targets) {
    COMET_ASSIGN(Step step, DeleteOnBroker(context, target.address, plan));
    steps.push_back(std::move(step));
  }
  if (!plan.cluster.empty()) {
    for (const std::string& topic :
         {wire::RetryTopicOf(plan.group), Concat(wire::kDlqPrefix, plan.group)}) {
      for (const Target& target : targets) {
        steps.push_back(DeleteTopicOnBroker(context, target.address, topic));
      }
      steps.push_back(DeleteRetryRoute(context, topic, plan.cluster));
    }
  }
  return CarryOut(context, steps, plan.group);
}

}  // namespace

constinit const Command kDeleteSubGroup{
    .name = "deleteSubGroup",
    .summary = "Deletes a consumer group.",
    .example = "mqadmin deleteSubGroup -n 192.168.0.1:9876 -c DefaultCluster -g billing",
    .options = kDeleteSubGroupOptions,
    .effect = Effect::kDangerous,
    .run = &RunDeleteSubGroup};

}  // namespace comet::cli
