#include <array>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/targets.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/update_group_list.h"
#include "sdk/src/admin_group.h"

namespace comet::cli {
namespace {

constexpr std::array kUpdateSubGroupListOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "On this broker, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "On every master of this cluster"},
    Option{'f', "filename", Takes::kValue, Must::kRequired,
           "File with a JSON array of groups' settings"}};

constexpr std::size_t kFileMax = 16U << 20U;

StatusOr<wire::SubscriptionGroupList> ReadGroups(const std::string& path) {
  PosixFileSystem fs;
  auto text = ReadFile(fs, path, kFileMax);
  if (!text.ok()) return text.TakeError();
  auto list = FromJson<wire::SubscriptionGroupList>(Concat("{\"groupConfigList\":", *text, "}"));
  if (!list.ok()) return list.TakeError().Annotate(path);
  for (const wire::SubscriptionGroupConfig& group : list->groups) {
    if (group.name.empty()) {
      return Status(Status::Code::kInvalid, Concat(path, ": a group has no groupName"));
    }
  }
  if (list->groups.empty()) return Status(Status::Code::kInvalid, Concat(path, ": no groups"));
  return list;
}

StatusOr<Step> StepOfUpdateSubGroupList(Context& context, const std::string& address,
                                        const wire::SubscriptionGroupList& list) {
  COMET_ASSIGN(const auto groups, client::GetGroups(context.admin, address));
  Step step{wire::UpdateGroupList::kName, address, Concat(list.groups.size(), " groups")};
  step.differences.emplace();
  for (const wire::SubscriptionGroupConfig& group : list.groups) {
    const auto before = groups.find(group.name);
    for (Difference& one :
         DifferencesOf(before == groups.end() ? Json() : JsonOf(before->second), JsonOf(group))) {
      one.field = Concat(group.name, ".", one.field);
      step.differences->push_back(std::move(one));
    }
  }
  step.send = [&context, address, list]() -> StatusOr<std::string> {
    COMET_TRY(client::UpdateGroups(context.admin, address, list));
    return Concat("submit batch of group config to ", address,
                  " success, please check the result later.\n");
  };
  return step;
}

Status RunUpdateSubGroupList(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const auto list, ReadGroups(arguments.Text("filename")));
  COMET_ASSIGN(const std::vector<Target> targets, MastersOf(context, arguments));
  std::vector<Step> steps;
  for (const Target& target : targets) {
    COMET_ASSIGN(Step step, StepOfUpdateSubGroupList(context, target.address, list));
    steps.push_back(std::move(step));
  }
  return CarryOut(context, steps);
}

}  // namespace

constinit const Command kUpdateSubGroupList{
    .name = "updateSubGroupList",
    .summary = "Makes or changes many consumer groups.",
    .example = "mqadmin updateSubGroupList -n 192.168.0.1:9876 -c DefaultCluster -f groups.json",
    .options = kUpdateSubGroupListOptions,
    .effect = Effect::kWrites,
    .run = &RunUpdateSubGroupList};

}  // namespace comet::cli
