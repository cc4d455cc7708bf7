#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_group.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kStatsAllOptions{
    Option{'a', "activeTopic", Takes::kNothing, Must::kOptional,
           "Only topics with messages in the last day"},
    Option{'t', "topic", Takes::kValue, Must::kOptional, "Only this topic"}};

constexpr std::array kStatsAllColumns{Column{"#Topic", "topic"},
                                      Column{"#Consumer Group", "consumerGroup"},
                                      Column{"#Accumulation", "accumulation"},
                                      Column{"#InTPS", "inTps"},
                                      Column{"#OutTPS", "outTps"},
                                      Column{"#InMsg24Hour", "inMsg24Hour"},
                                      Column{"#OutMsg24Hour", "outMsg24Hour"}};
constexpr std::string_view kStatsAllLine = "%-64s  %-64s %12s %11s %11s %14s %14s\n";
constexpr TableForm kStatsAllTopics{"", kStatsAllLine, kStatsAllLine, kStatsAllColumns};

// Messages of one kind at all masters of a topic.
struct Flow {
  double tps = 0;
  std::int64_t today = 0;
};

// A young broker has no sum of a day yet.
std::int64_t DaySum(const wire::BrokerStatsData& stats) {
  for (const auto* window : {&stats.day, &stats.hour, &stats.minute}) {
    if (window->sum != 0) return window->sum;
  }
  return 0;
}

// A broker that has counted nothing of the kind says so with an error: that is no trouble.
Flow FlowOf(Context& context, const wire::TopicRouteData& route, const std::string& name,
            const std::string& key) {
  Flow flow;
  for (const wire::BrokerData& broker : route.brokers) {
    const auto master = broker.addresses.find(0);
    if (master == broker.addresses.end()) continue;
    const auto stats = client::GetStatsItem(context.admin, master->second, name, key);
    if (stats.ok()) {
      flow.tps += stats->minute.tps;
      flow.today += DaySum(*stats);
    } else if (stats.error().code() != Status::Code::kIo) {
      context.Complain(stats.error());
    }
  }
  return flow;
}

std::int64_t Accumulation(Context& context, const std::string& group, const std::string& topic) {
  const auto stats = client::GetConsumeStats(context.admin, group, topic);
  if (!stats.ok()) return 0;
  std::int64_t diff = 0;
  for (const auto& [queue, progress] : stats->offsets) {
    diff += progress.broker_offset - progress.consumer_offset;
  }
  return std::max<std::int64_t>(0, diff);
}

Cell Rate(double tps) {
  return Cell(Fixed(tps, 2), Json(tps));
}

Status PrintTopic(Context& context, const std::string& topic, bool only_active) {
  COMET_ASSIGN(const auto route, client::GetRoute(context.admin, topic));
  COMET_ASSIGN(const auto groups, client::GetGroupsOfTopic(context.admin, route, topic));
  const Flow in = FlowOf(context, route, "TOPIC_PUT_NUMS", topic);
  const Cell name(Front(topic, 64), Json(topic));
  for (const std::string& group : groups) {
    const Flow out = FlowOf(context, route, "GROUP_GET_NUMS", Concat(topic, "@", group));
    const std::int64_t waiting = Accumulation(context, group, topic);
    if (only_active && in.today == 0 && out.today == 0) continue;
    context.out.Add(kStatsAllTopics, {name, Cell(Front(group, 64), Json(group)), waiting,
                                      Rate(in.tps), Rate(out.tps), in.today, out.today});
  }
  if (groups.empty() && (!only_active || in.today > 0)) {
    context.out.Add(kStatsAllTopics, {name, Cell("", Json()), 0, Rate(in.tps), Cell("", Json()),
                                      in.today, Cell("NO_CONSUMER", Json())});
  }
  return {};
}

Status RunStatsAll(Context& context, const Arguments& arguments) {
  const std::string only = arguments.Text("topic");
  COMET_ASSIGN(const std::vector<std::string> topics, client::GetTopics(context.admin));
  if (!only.empty() && std::find(topics.begin(), topics.end(), only) == topics.end()) {
    return Status(Status::Code::kNotFound, Concat("no name server knows topic ", only));
  }
  context.out.Begin(kStatsAllTopics);
  for (const std::string& topic : topics) {
    const bool hidden = wire::IsRetryTopic(topic) || topic.starts_with(wire::kDlqPrefix);
    if (hidden || (!only.empty() && topic != only)) continue;
    const Status status = PrintTopic(context, topic, arguments.Has("activeTopic"));
    if (!status.ok()) context.Complain(status);
  }
  return {};
}

}  // namespace

constinit const Command kStatsAll{.name = "statsAll",
                                  .summary = "Shows lag and rates of every topic and its groups.",
                                  .example = "mqadmin statsAll -n 192.168.0.1:9876 -a",
                                  .options = kStatsAllOptions,
                                  .effect = Effect::kReads,
                                  .run = &RunStatsAll};

}  // namespace comet::cli
