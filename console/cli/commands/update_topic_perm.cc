#include <array>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/config_text.h"
#include "console/cli/targets.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/requests/update_topic.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kUpdateTopicPermOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "On this broker, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "On every master of this cluster"},
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to change"},
    Option{'p', "perm", Takes::kValue, Must::kRequired, "2 write, 4 read, 6 both"}};

// Changes the permission alone, of what each broker has. Nothing when the broker has it already.
StatusOr<std::optional<Step>> StepOfUpdateTopicPerm(Context& context, const Target& target,
                                                    const std::string& topic, std::int32_t perm) {
  const std::string& address = target.address;
  COMET_ASSIGN(const auto before, client::GetTopicConfig(context.admin, address, topic));
  if (!before) {
    return Status(Status::Code::kNotFound, Concat(address, " has no topic ", topic));
  }
  if (before->perm == perm) return std::optional<Step>();
  wire::TopicConfig after = *before;
  after.perm = perm;
  Step step{wire::UpdateTopic::kName, address, Concat("topic ", topic)};
  step.differences = DifferencesOf(JsonOf(*before), JsonOf(after));
  const bool shows_config = target.broker.empty();
  step.send = [&context, address, after, shows_config,
               old_perm = before->perm]() -> StatusOr<std::string> {
    wire::TopicConfig request = after;
    request.attributes.clear();  // a request has changes of attributes
    COMET_TRY(client::UpdateTopic(context.admin, address, request));
    const std::string line = Concat("update topic perm from ", old_perm, " to ", after.perm, " in ",
                                    address, " success.\n");
    return shows_config ? Concat(line, TextOf(after), ".\n") : line;
  };
  return std::optional(std::move(step));
}

Status RunUpdateTopicPerm(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const auto perm, arguments.NumberOr("perm", 6, 0, wire::perm::kAll));
  COMET_ASSIGN(const std::vector<Target> targets, MastersOf(context, arguments));
  std::vector<Step> steps;
  const Status looked = ForEach(context, targets, [&](const Target& target) -> Status {
    COMET_ASSIGN(auto step, StepOfUpdateTopicPerm(context, target, arguments.Text("topic"),
                                                  static_cast<std::int32_t>(perm)));
    if (step) steps.push_back(std::move(*step));
    return {};
  });
  COMET_TRY(looked.Clone());
  if (steps.empty()) {
    context.out.BeginList("results");
    context.out.Say("new perm equals to the old one!\n");
    return {};
  }
  return CarryOut(context, steps);
}

}  // namespace

constinit const Command kUpdateTopicPerm{
    .name = "updateTopicPerm",
    .summary = "Lets a topic be read, written or both.",
    .example = "mqadmin updateTopicPerm -n 192.168.0.1:9876 -c DefaultCluster -t orders -p 4",
    .options = kUpdateTopicPermOptions,
    .effect = Effect::kWrites,
    .run = &RunUpdateTopicPerm};

}  // namespace comet::cli
