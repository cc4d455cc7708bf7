#include <array>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/config_text.h"
#include "console/cli/targets.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/update_group.h"
#include "sdk/src/admin_group.h"

namespace comet::cli {
namespace {

constexpr std::array kUpdateSubGroupOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "On this broker, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "On every master of this cluster"},
    Option{'g', "groupName", Takes::kValue, Must::kRequired, "Consumer group to make or change"},
    Option{'s', "consumeEnable", Takes::kValue, Must::kOptional,
           "false: the group may not consume"},
    Option{'m', "consumeFromMinEnable", Takes::kValue, Must::kOptional,
           "true: a new group begins at the first message kept"},
    Option{'d', "consumeBroadcastEnable", Takes::kValue, Must::kOptional,
           "false: the group may not consume in broadcast mode"},
    Option{'o', "consumeMessageOrderly", Takes::kValue, Must::kOptional,
           "true: the group consumes in order"},
    Option{'q', "retryQueueNums", Takes::kValue, Must::kOptional, "Queues of its retry topic"},
    Option{'r', "retryMaxTimes", Takes::kValue, Must::kOptional,
           "Deliveries before a message goes to the dead letters"},
    Option{'p', "groupRetryPolicy", Takes::kValue, Must::kOptional,
           "Retry policy as JSON: "
           "{\"type\":\"EXPONENTIAL\",\"exponentialRetryPolicy\":{\"initial\":5000,\"max\":7200000,"
           "\"multiplier\":2}} "
           "{\"type\":\"CUSTOMIZED\",\"customizedRetryPolicy\":{\"next\":[1000,5000,10000]}}"},
    Option{'i', "brokerId", Takes::kValue, Must::kOptional,
           "Read from the broker with this id; 0 is the master"},
    Option{'w', "whichBrokerWhenConsumeSlowly", Takes::kValue, Must::kOptional,
           "Broker id to read from when the group lags far behind"},
    Option{'a', "notifyConsumerIdsChanged", Takes::kValue, Must::kOptional,
           "false: members are not told when others come or go"},
    Option{0, "attributes", Takes::kValue, Must::kOptional,
           "Attributes to set and to drop: +a=b,-c"},
    Option{0, "replace", Takes::kNothing, Must::kOptional,
           "Settings not given go back to those of a new group, as Apache's mqadmin does it; "
           "otherwise they stay as they are"}};

// What the tools have always given a new group.
wire::SubscriptionGroupConfig NewGroup(const std::string& name) {
  wire::SubscriptionGroupConfig config;
  config.name = name;
  config.consume_from_min = config.consume_broadcast = false;
  return config;
}

// Gives `config` what was typed.
Status Apply(const Arguments& arguments, wire::SubscriptionGroupConfig* config) {
  COMET_ASSIGN(config->consume_enable, arguments.BoolOr("consumeEnable", config->consume_enable));
  COMET_ASSIGN(config->consume_from_min,
               arguments.BoolOr("consumeFromMinEnable", config->consume_from_min));
  COMET_ASSIGN(config->consume_broadcast,
               arguments.BoolOr("consumeBroadcastEnable", config->consume_broadcast));
  COMET_ASSIGN(config->consume_orderly,
               arguments.BoolOr("consumeMessageOrderly", config->consume_orderly));
  COMET_ASSIGN(const auto queues,
               arguments.NumberOr("retryQueueNums", config->retry_queues, 0, Arguments::kIntMax));
  COMET_ASSIGN(const auto times,
               arguments.NumberOr("retryMaxTimes", config->retry_max, -1, Arguments::kIntMax));
  COMET_ASSIGN(config->broker_id,
               arguments.NumberOr("brokerId", config->broker_id, 0, Arguments::kLongMax));
  COMET_ASSIGN(config->broker_when_slow,
               arguments.NumberOr("whichBrokerWhenConsumeSlowly", config->broker_when_slow, 0,
                                  Arguments::kLongMax));
  COMET_ASSIGN(config->notify_changes,
               arguments.BoolOr("notifyConsumerIdsChanged", config->notify_changes));
  config->retry_queues = static_cast<std::int32_t>(queues);
  config->retry_max = static_cast<std::int32_t>(times);
  if (arguments.Has("groupRetryPolicy")) {
    COMET_ASSIGN(config->retry_policy,
                 FromJson<wire::GroupRetryPolicy>(arguments.Text("groupRetryPolicy")));
  }
  return {};
}

// One broker's share of the work.
StatusOr<Step> StepOfUpdateSubGroup(Context& context, const std::string& address,
                                    const Arguments& arguments, std::string* shown) {
  const std::string group = arguments.Text("groupName");
  COMET_ASSIGN(const auto groups, client::GetGroups(context.admin, address));
  const auto before = groups.find(group);
  const bool known = before != groups.end();
  wire::SubscriptionGroupConfig request =
      known && !arguments.Has("replace") ? before->second : NewGroup(group);
  wire::SubscriptionGroupConfig after = request;
  request.attributes.clear();  // what a request has are changes: +key, -key
  COMET_TRY(Apply(arguments, &request));
  COMET_TRY(ParseAttributes(arguments.Text("attributes"), &request.attributes));
  COMET_TRY(Apply(arguments, &after));
  if (known) after.attributes = before->second.attributes;
  ApplyAttributes(request.attributes, &after.attributes);
  *shown = TextOf(request);
  Step step{wire::UpdateGroup::kName, address, Concat("group ", group)};
  step.differences = DifferencesOf(known ? JsonOf(before->second) : Json(), JsonOf(after));
  step.send = [&context, address, request]() -> StatusOr<std::string> {
    COMET_TRY(client::UpdateGroup(context.admin, address, request));
    return Concat("create subscription group to ", address, " success.\n");
  };
  return step;
}

Status RunUpdateSubGroup(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const std::vector<Target> targets, MastersOf(context, arguments));
  std::vector<Step> steps;
  std::string shown;
  for (const Target& target : targets) {
    COMET_ASSIGN(Step step, StepOfUpdateSubGroup(context, target.address, arguments, &shown));
    steps.push_back(std::move(step));
  }
  COMET_TRY(CarryOut(context, steps));
  if (!context.consent.dry_run) context.out.Say(Concat(shown, "\n"));
  return {};
}

}  // namespace

constinit const Command kUpdateSubGroup{
    .name = "updateSubGroup",
    .summary = "Makes a consumer group or changes its settings.",
    .example = "mqadmin updateSubGroup -n 192.168.0.1:9876 -c DefaultCluster -g billing -r 3",
    .options = kUpdateSubGroupOptions,
    .effect = Effect::kWrites,
    .run = &RunUpdateSubGroup};

}  // namespace comet::cli
