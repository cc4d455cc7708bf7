#include "console/cli/targets.h"

#include "remoting/base/text.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

void Append(const std::vector<client::BrokerAddresses>& groups, bool with_slaves,
            std::vector<Target>* targets) {
  for (const client::BrokerAddresses& group : groups) {
    if (!group.master.empty()) targets->push_back({group.master, group.name, ""});
    if (!with_slaves) continue;
    for (const std::string& slave : group.slaves) {
      targets->push_back({slave, group.name, group.master});
    }
  }
}

StatusOr<std::vector<Target>> Targets(Context& context, const Arguments& arguments,
                                      bool with_slaves) {
  COMET_TRY(arguments.ExactlyOne("brokerAddr", "clusterName"));
  std::vector<Target> targets;
  if (arguments.Has("brokerAddr")) {
    targets.push_back({arguments.Text("brokerAddr"), "", ""});
    return targets;
  }
  const std::string cluster = arguments.Text("clusterName");
  COMET_ASSIGN(const auto groups, client::GetBrokersOfCluster(context.admin, cluster));
  Append(groups, with_slaves, &targets);
  if (targets.empty()) {
    return Status(Status::Code::kNotFound, Concat("no broker of cluster ", cluster, " is there"));
  }
  return targets;
}

}  // namespace

StatusOr<std::vector<Target>> MastersOf(Context& context, const Arguments& arguments) {
  return Targets(context, arguments, false);
}

StatusOr<std::vector<Target>> BrokersOf(Context& context, const Arguments& arguments) {
  return Targets(context, arguments, true);
}

StatusOr<std::vector<Target>> AnyBrokersOf(Context& context, const Arguments& arguments) {
  if (arguments.Has("brokerAddr") || arguments.Has("clusterName")) {
    return BrokersOf(context, arguments);
  }
  std::vector<Target> targets;
  COMET_ASSIGN(const wire::ClusterInfo info, client::GetCluster(context.admin));
  for (const auto& [cluster, names] : info.clusters) {
    COMET_ASSIGN(const auto groups, client::GetBrokersOfCluster(context.admin, cluster));
    Append(groups, true, &targets);
  }
  if (targets.empty()) return Status(Status::Code::kNotFound, "the name server knows no broker");
  return targets;
}

Status ForEach(Context& context, std::span<const Target> targets,
               const std::function<Status(const Target&)>& act) {
  std::vector<Status> failures;
  for (const Target& target : targets) {
    Status status = act(target);
    if (!status.ok()) failures.push_back(std::move(status));
  }
  return context.Summarize(std::move(failures), targets.size());
}

std::string Joined(std::span<const std::string> texts, std::string_view separator) {
  std::string all;
  for (const std::string& text : texts) all += Concat(all.empty() ? "" : separator, text);
  return all;
}

}  // namespace comet::cli
