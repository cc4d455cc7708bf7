#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "console/cli/version_text.h"
#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "sdk/src/admin_group.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kConsumerProgressOptions{
    Option{'g', "groupName", Takes::kValue, Must::kOptional,
           "Group; without it a summary of all groups"},
    Option{'t', "topicName", Takes::kValue, Must::kOptional, "Only this topic of the group"},
    Option{'s', "showClientIP", Takes::kValue, Must::kOptional, "true: also who reads each queue"},
    Option{'c', "cluster", Takes::kValue, Must::kOptional,
           "Cluster whose brokers are asked, when the group's topic has no route"}};

constexpr std::array kConsumerProgressColumns{Column{"#Topic", "topic"},
                                              Column{"#Broker Name", "brokerName"},
                                              Column{"#QID", "queueId"},
                                              Column{"#Broker Offset", "brokerOffset"},
                                              Column{"#Consumer Offset", "consumerOffset"},
                                              Column{"#Diff", "diff"},
                                              Column{"#Inflight", "inflight"},
                                              Column{"#LastTime", "lastTimestamp"}};
constexpr TableForm kConsumerProgressQueues{
    "queues", "%-64s  %-32s  %-4s  %-20s  %-20s  %-20s %-20s%s\n",
    "%-64s  %-32s  %-4s  %-20s  %-20s  %-20s %-20s %s\n", kConsumerProgressColumns};

constexpr std::array kOwnerColumns{Column{"#Topic", "topic"},
                                   Column{"#Broker Name", "brokerName"},
                                   Column{"#QID", "queueId"},
                                   Column{"#Broker Offset", "brokerOffset"},
                                   Column{"#Consumer Offset", "consumerOffset"},
                                   Column{"#Client IP", "clientIp"},
                                   Column{"#Diff", "diff"},
                                   Column{"#Inflight", "inflight"},
                                   Column{"#LastTime", "lastTimestamp"}};
constexpr TableForm kOwnedQueues{
    "queues", "%-64s  %-32s  %-4s  %-20s  %-20s  %-20s %-20s %-20s%s\n",
    "%-64s  %-32s  %-4s  %-20s  %-20s  %-20s %-20s %-20s %s\n", kOwnerColumns};

constexpr std::array kGroupColumns{
    Column{"#Group", "group"},         Column{"#Count", "clients"},
    Column{"#Version", "version"},     Column{"#Type", "consumeType"},
    Column{"#Model", "messageModel"},  Column{"#TPS", "tps"},
    Column{"#Diff Total", "diffTotal"}};
constexpr std::string_view kGroupLine = "%-64s  %-6s  %-24s %-5s  %-14s  %-7s  %s\n";
constexpr TableForm kGroups{"", kGroupLine, kGroupLine, kGroupColumns};

using Owners = std::map<wire::MessageQueue, std::string>;

// The address in front of "@name".
std::string OwnerOf(const Owners& owners, const wire::MessageQueue& queue) {
  const auto at = owners.find(queue);
  return at == owners.end() ? "N/A" : at->second.substr(0, at->second.find('@'));
}

void PrintQueue(Context& context, const wire::MessageQueue& queue,
                const wire::QueueProgress& progress, const Owners* owners) {
  const Cell topic = Shortened(queue.topic, 64);
  const Cell broker = Shortened(queue.broker_name, 32);
  const std::int64_t diff = progress.broker_offset - progress.consumer_offset;
  const std::int64_t inflight = progress.pull_offset - progress.consumer_offset;
  const std::int64_t last_ms = progress.last_timestamp_ms;
  const Cell last = last_ms == 0 ? Cell("N/A", Json(last_ms)) : Moment(last_ms);
  if (owners != nullptr) {
    context.out.Add(kOwnedQueues,
                    {topic, broker, queue.queue_id, progress.broker_offset,
                     progress.consumer_offset, OwnerOf(*owners, queue), diff, inflight, last});
  } else {
    context.out.Add(kConsumerProgressQueues, {topic, broker, queue.queue_id, progress.broker_offset,
                                              progress.consumer_offset, diff, inflight, last});
  }
}

Status PrintGroup(Context& context, const Arguments& arguments) {
  const std::string group = arguments.Text("groupName");
  COMET_ASSIGN(const bool with_owners, arguments.BoolOr("showClientIP", false));
  COMET_ASSIGN(const wire::ConsumeStats stats,
               client::GetConsumeStats(context.admin, group, arguments.Text("topicName")));
  if (stats.offsets.empty()) {
    return Status(Status::Code::kNotFound,
                  Concat("group ", group, " has consumed nothing and nobody of it is online"));
  }
  Owners owners;
  if (with_owners) {
    auto known = client::GetQueueOwners(context.admin, group);
    if (known.ok()) owners = known.Take();
  }
  context.out.Begin(with_owners ? kOwnedQueues : kConsumerProgressQueues);
  std::int64_t diff = 0;
  std::int64_t inflight = 0;
  for (const auto& [queue, progress] : stats.offsets) {
    PrintQueue(context, queue, progress, with_owners ? &owners : nullptr);
    diff += progress.broker_offset - progress.consumer_offset;
    inflight += progress.pull_offset - progress.consumer_offset;
  }
  context.out.Set("tps", Json(stats.tps), Concat("\nConsume TPS: ", Fixed(stats.tps, 2), "\n"));
  context.out.Set("diffTotal", Json(diff), Concat("Consume Diff Total: ", diff, "\n"));
  context.out.Set("inflightTotal", Json(inflight),
                  Concat("Consume Inflight Total: ", inflight, "\n"));
  return {};
}

std::int64_t TotalDiff(const wire::ConsumeStats& stats) {
  std::int64_t diff = 0;
  for (const auto& [queue, progress] : stats.offsets) {
    diff += progress.broker_offset - progress.consumer_offset;
  }
  return diff;
}

std::int32_t OldestVersion(const wire::ConsumerConnection& clients) {
  std::int32_t oldest = std::numeric_limits<std::int32_t>::max();
  for (const wire::Connection& client : clients.connections) {
    oldest = std::min(oldest, client.version);
  }
  return oldest;
}

// One line of the list of all groups. A group that is offline, or unknown to a broker, has a line
// too; only brokers that cannot be asked are trouble.
void PrintGroupLine(Context& context, const std::string& group) {
  const auto stats = client::GetConsumeStats(context.admin, group, "");
  if (!stats.ok() && stats.error().code() != Status::Code::kNotFound) {
    context.Complain(stats.error());
  }
  const auto clients = client::GetConsumerConnections(context.admin, group);
  const bool online = clients.ok() && !clients->connections.empty();
  const bool pulls = online && clients->type == wire::ConsumeType::kActively;
  const bool pushes = online && clients->type == wire::ConsumeType::kPassively;
  const std::string model = pushes && clients->model ? std::string(EnumName(*clients->model)) : "";
  context.out.Add(kGroups, {Shortened(group, 64), online ? clients->connections.size() : 0,
                            online ? VersionText(OldestVersion(*clients)) : "OFFLINE",
                            !online ? "" : (pulls ? "PULL" : "PUSH"), model,
                            Cell(Concat(stats.ok() ? static_cast<std::int64_t>(stats->tps) : 0),
                                 Json(stats.ok() ? stats->tps : 0.0)),
                            stats.ok() ? TotalDiff(*stats) : 0});
}

Status PrintAllGroups(Context& context) {
  COMET_ASSIGN(const std::vector<std::string> topics, client::GetTopics(context.admin));
  context.out.Begin(kGroups);
  for (const std::string& topic : topics) {
    if (wire::IsRetryTopic(topic)) {
      PrintGroupLine(context, std::string(wire::GroupOfTopic(topic)));
    }
  }
  return {};
}

Status RunConsumerProgress(Context& context, const Arguments& arguments) {
  return arguments.Has("groupName") ? PrintGroup(context, arguments) : PrintAllGroups(context);
}

}  // namespace

constinit const Command kConsumerProgress{
    .name = "consumerProgress",
    .summary = "Shows how far a consumer group has got, and its lag.",
    .example = "mqadmin consumerProgress -n 192.168.0.1:9876 -g billing",
    .options = kConsumerProgressOptions,
    .effect = Effect::kReads,
    .run = &RunConsumerProgress};

}  // namespace comet::cli
