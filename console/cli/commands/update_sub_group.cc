#include <array>
#include <limits>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/config_text.h"
#include "remoting/base/describe_json.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_group.h"

namespace comet::cli {
namespace {

constexpr std::array kOptions{
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
           "Attributes to set and to drop: +a=b,-c"}};

constexpr std::int64_t kIntMax = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kLongMax = std::numeric_limits<std::int64_t>::max();

Status ReadConfig(const Arguments& arguments, wire::SubscriptionGroupConfig* config) {
  config->name = arguments.Text("groupName");
  COMET_ASSIGN(config->consume_enable, arguments.BoolOr("consumeEnable", true));
  COMET_ASSIGN(config->consume_from_min, arguments.BoolOr("consumeFromMinEnable", false));
  COMET_ASSIGN(config->consume_broadcast, arguments.BoolOr("consumeBroadcastEnable", false));
  COMET_ASSIGN(config->consume_orderly, arguments.BoolOr("consumeMessageOrderly", false));
  COMET_ASSIGN(const auto queues, arguments.NumberOr("retryQueueNums", 1, 0, kIntMax));
  COMET_ASSIGN(const auto times, arguments.NumberOr("retryMaxTimes", 16, -1, kIntMax));
  COMET_ASSIGN(config->broker_id, arguments.NumberOr("brokerId", 0, 0, kLongMax));
  COMET_ASSIGN(config->broker_when_slow,
               arguments.NumberOr("whichBrokerWhenConsumeSlowly", 1, 0, kLongMax));
  COMET_ASSIGN(config->notify_changes, arguments.BoolOr("notifyConsumerIdsChanged", true));
  config->retry_queues = static_cast<std::int32_t>(queues);
  config->retry_max = static_cast<std::int32_t>(times);
  if (arguments.Has("groupRetryPolicy")) {
    COMET_ASSIGN(config->retry_policy,
                 FromJson<wire::GroupRetryPolicy>(arguments.Text("groupRetryPolicy")));
  }
  return ParseAttributes(arguments.Text("attributes"), &config->attributes);
}

Status Update(Context& context, const std::string& address,
              const wire::SubscriptionGroupConfig& config) {
  COMET_TRY(client::UpdateGroup(context.admin, address, config));
  context.out << "create subscription group to " << address << " success.\n";
  return {};
}

Status Run(Context& context, const Arguments& arguments) {
  COMET_TRY(arguments.ExactlyOne("brokerAddr", "clusterName"));
  wire::SubscriptionGroupConfig config;
  COMET_TRY(ReadConfig(arguments, &config));
  if (arguments.Has("brokerAddr")) {
    COMET_TRY(Update(context, arguments.Text("brokerAddr"), config));
  } else {
    COMET_ASSIGN(const auto groups,
                 client::GetBrokersOfCluster(context.admin, arguments.Text("clusterName")));
    for (const client::BrokerAddresses& group : groups) {
      if (group.master.empty()) continue;
      const Status status = Update(context, group.master, config);
      if (!status.ok()) context.Complain(status);
    }
  }
  context.out << TextOf(config) << '\n';
  return {};
}

}  // namespace

constinit const Command kUpdateSubGroup{
    .name = "updateSubGroup",
    .summary = "Makes a consumer group or changes its settings.",
    .example = "mqadmin updateSubGroup -n 192.168.0.1:9876 -c DefaultCluster -g billing -r 3",
    .options = kOptions,
    .effect = Effect::kWrites,
    .run = &Run};

}  // namespace comet::cli
