#include <array>
#include <limits>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/config_text.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "On this broker, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "On every master of this cluster"},
    Option{'a', "attributes", Takes::kValue, Must::kOptional,
           "Attributes to set and to drop: +a=b,-c"},
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to make or change"},
    Option{'r', "readQueueNums", Takes::kValue, Must::kOptional,
           "Queues that can be read; 8 unless given"},
    Option{'w', "writeQueueNums", Takes::kValue, Must::kOptional,
           "Queues that can be written; 8 unless given"},
    Option{'p', "perm", Takes::kValue, Must::kOptional, "2 write, 4 read, 6 both (default)"},
    Option{'o', "order", Takes::kValue, Must::kOptional,
           "true: listed at the name servers as an ordered topic"},
    Option{'u', "unit", Takes::kValue, Must::kOptional, "true: mark as a topic of a unit"},
    Option{'s', "hasUnitSub", Takes::kValue, Must::kOptional,
           "true: mark as subscribed by a unit"}};

constexpr std::int64_t kQueuesMax = std::numeric_limits<std::int32_t>::max();

Status ReadConfig(const Arguments& arguments, wire::TopicConfig* config) {
  COMET_ASSIGN(const auto reads, arguments.NumberOr("readQueueNums", 8, 1, kQueuesMax));
  COMET_ASSIGN(const auto writes, arguments.NumberOr("writeQueueNums", 8, 1, kQueuesMax));
  COMET_ASSIGN(const auto perm,
               arguments.NumberOr("perm", wire::perm::kReadWrite, 0, wire::perm::kAll));
  COMET_ASSIGN(const bool unit, arguments.BoolOr("unit", false));
  COMET_ASSIGN(const bool unit_sub, arguments.BoolOr("hasUnitSub", false));
  COMET_ASSIGN(config->order, arguments.BoolOr("order", false));
  config->name = arguments.Text("topic");
  config->read_queues = static_cast<std::int32_t>(reads);
  config->write_queues = static_cast<std::int32_t>(writes);
  config->perm = static_cast<std::int32_t>(perm);
  config->sys_flag =
      (unit ? wire::topic_flag::kUnit : 0) | (unit_sub ? wire::topic_flag::kUnitSub : 0);
  return ParseAttributes(arguments.Text("attributes"), &config->attributes);
}

Status UpdateBroker(Context& context, const std::string& address, const wire::TopicConfig& config) {
  COMET_TRY(client::UpdateTopic(context.admin, address, config));
  if (config.order) {
    COMET_ASSIGN(const std::string broker, client::GetBrokerName(context.admin, address));
    COMET_ASSIGN(const std::string conf,
                 client::MergeOrderConf(context.admin, config.name, broker, config.write_queues));
    context.out << "set broker orderConf. isOrder=true, orderConf=[" << conf << "]\n";
  }
  context.out << "create topic to " << address << " success.\n";
  return {};
}

Status UpdateCluster(Context& context, const std::string& cluster,
                     const wire::TopicConfig& config) {
  COMET_ASSIGN(const auto groups, client::GetBrokersOfCluster(context.admin, cluster));
  std::string conf;
  for (const client::BrokerAddresses& group : groups) {
    conf += Concat(conf.empty() ? "" : ";", group.name, ":", config.write_queues);
    if (group.master.empty()) continue;
    COMET_TRY(client::UpdateTopic(context.admin, group.master, config));
    context.out << "create topic to " << group.master << " success.\n";
  }
  if (config.order) {
    COMET_TRY(client::SetOrderConf(context.admin, config.name, conf));
    context.out << "set cluster orderConf. isOrder=true, orderConf=[" << conf << "]\n";
  }
  return {};
}

Status Run(Context& context, const Arguments& arguments) {
  COMET_TRY(arguments.ExactlyOne("brokerAddr", "clusterName"));
  wire::TopicConfig config;
  COMET_TRY(ReadConfig(arguments, &config));
  if (arguments.Has("brokerAddr")) {
    COMET_TRY(UpdateBroker(context, arguments.Text("brokerAddr"), config));
  } else {
    COMET_TRY(UpdateCluster(context, arguments.Text("clusterName"), config));
  }
  context.out << TextOf(config) << '\n';
  return {};
}

}  // namespace

constinit const Command kUpdateTopic{"updateTopic", "Makes a topic or changes its settings.",
                                     kOptions, &Run};

}  // namespace comet::cli
