#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/pretty_json.h"
#include "console/cli/table.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kTopicRouteOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to look up"},
    Option{'l', "list", Takes::kNothing, Must::kOptional, "A table instead of JSON"}};

constexpr std::string_view kTopicRouteLine = "%-45s %-32s %-50s %-10s %-11s %-5s\n";
constexpr std::array kTopicRouteColumns{
    Column{"#ClusterName", "clusterName"},   Column{"#BrokerName", "brokerName"},
    Column{"#BrokerAddrs", "brokerAddrs"},   Column{"#ReadQueue", "readQueueNums"},
    Column{"#WriteQueue", "writeQueueNums"}, Column{"#Perm", "perm"}};
constexpr TableForm kBrokers{"", kTopicRouteLine, kTopicRouteLine, kTopicRouteColumns};
constexpr std::size_t kRuleWidth = 158;

// {0=10.0.0.1:10911, 1=10.0.0.2:10911}
Cell Addresses(const std::map<std::int64_t, std::string>& addresses) {
  std::string text;
  Json::Object object;
  for (const auto& [id, address] : addresses) {
    text += Concat(text.empty() ? "" : ", ", id, "=", address);
    object.push_back({Json(Concat(id)), Json(address)});
  }
  return {Concat("{", text, "}"), Json(std::move(object))};
}

void PrintList(Context& context, wire::TopicRouteData route) {
  std::map<std::string, wire::QueueData> queues;
  for (const wire::QueueData& entry : route.queues) queues[entry.broker_name] = entry;
  std::sort(route.brokers.begin(), route.brokers.end(),
            [](const auto& a, const auto& b) { return a.broker_name < b.broker_name; });
  context.out.Begin(kBrokers);
  std::int64_t reads = 0;
  std::int64_t writes = 0;
  for (const wire::BrokerData& broker : route.brokers) {
    const wire::QueueData& entry = queues[broker.broker_name];
    reads += entry.read_queues;
    writes += entry.write_queues;
    context.out.Add(kBrokers, {broker.cluster, broker.broker_name, Addresses(broker.addresses),
                               entry.read_queues, entry.write_queues, entry.perm});
  }
  context.out.Say(std::string(kRuleWidth, '-') + "\n" +
                  Row(kTopicRouteLine,
                      {"Total:", Concat(queues.size()), "", Concat(reads), Concat(writes), ""}));
}

Status RunTopicRoute(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(wire::TopicRouteData route,
               client::GetRoute(context.admin, arguments.Text("topic")));
  if (arguments.Has("list")) {
    PrintList(context, std::move(route));
    return {};
  }
  COMET_ASSIGN(const Json document, ParseJson(ToJson(route)));
  context.out.SetAll(JsonOf(route), PrettyJson(document) + "\n");
  return {};
}

}  // namespace

constinit const Command kTopicRoute{
    .name = "topicRoute",
    .summary = "Shows which brokers and queues clients use for a topic.",
    .example = "mqadmin topicRoute -n 192.168.0.1:9876 -t orders",
    .options = kTopicRouteOptions,
    .effect = Effect::kReads,
    .run = &RunTopicRoute};

}  // namespace comet::cli
