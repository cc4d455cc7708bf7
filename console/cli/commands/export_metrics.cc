#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "console/cli/commands/all.h"
#include "console/cli/export.h"
#include "console/cli/runtime_figures.h"
#include "console/cli/version_text.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/connections.h"
#include "remoting/wire/header.h"
#include "remoting/wire/names.h"
#include "remoting/wire/requests/get_consumer_connections.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

constexpr std::array kExportMetricsOptions{
    Option{'c', "clusterName", Takes::kValue, Must::kRequired, "Cluster to look at"},
    kExportFolder};

// Figures of a broker, and, added up, of the cluster.
struct Figures {
  double in_tps = 0, out_tps = 0, transaction_tps = 0, delayed_tps = 0;
  std::int64_t in_day = 0, out_day = 0, transaction_day = 0, delayed_day = 0;

  void Add(const Figures& other) {
    in_tps += other.in_tps;
    out_tps += other.out_tps;
    transaction_tps += other.transaction_tps;
    delayed_tps += other.delayed_tps;
    in_day += other.in_day;
    out_day += other.out_day;
    transaction_day += other.transaction_day;
    delayed_day += other.delayed_day;
  }
};

Cell Value(Json json) {
  return {"", std::move(json)};
}

std::int64_t SumOfDay(const wire::BrokerStatsData& data) {
  if (data.day.sum != 0) return data.day.sum;
  return data.hour.sum != 0 ? data.hour.sum : data.minute.sum;
}

// Messages put into a topic of the system; a broker that counted none knows nothing of it.
StatusOr<wire::BrokerStatsData> PutsOf(Context& context, const std::string& address,
                                       std::string_view topic) {
  auto data = client::GetStatsItem(context.admin, address, "TOPIC_PUT_NUMS", std::string(topic));
  if (data.ok()) return data;
  const auto code = data.error().code();
  if (code == Status::Code::kIo || code == Status::Code::kNotFound) return wire::BrokerStatsData();
  return data.TakeError();
}

StatusOr<Figures> FiguresOf(Context& context, const std::string& address, const RuntimeInfo& info) {
  COMET_ASSIGN(const auto half, PutsOf(context, address, wire::kHalfTopic));
  COMET_ASSIGN(const auto delayed, PutsOf(context, address, wire::kScheduleTopic));
  Figures figures;
  figures.in_tps = DecimalOf(info, "putTps");
  figures.out_tps = DecimalOf(info, "getTransferredTps");
  figures.transaction_tps = half.minute.tps;
  figures.delayed_tps = delayed.minute.tps;
  figures.in_day =
      NumberOf(info, "msgPutTotalTodayMorning") - NumberOf(info, "msgPutTotalYesterdayMorning");
  figures.out_day =
      NumberOf(info, "msgGetTotalTodayMorning") - NumberOf(info, "msgGetTotalYesterdayMorning");
  figures.transaction_day = SumOfDay(half);
  figures.delayed_day = SumOfDay(delayed);
  return figures;
}

Json RateJson(const Figures& figures, bool total) {
  return Record(
      {{total ? "totalNormalInTps" : "normalInTps", Value(Json(figures.in_tps))},
       {total ? "totalNormalOutTps" : "normalOutTps", Value(Json(figures.out_tps))},
       {total ? "totalTransInTps" : "transInTps", Value(Json(figures.transaction_tps))},
       {total ? "totalScheduleInTps" : "scheduleInTps", Value(Json(figures.delayed_tps))}});
}

Json DayJson(const Figures& figures) {
  return Record({{"normalOneDayInNum", figures.in_day},
                 {"normalOneDayOutNum", figures.out_day},
                 {"transOneDayInNum", figures.transaction_day},
                 {"scheduleOneDayInNum", figures.delayed_day}});
}

// "JAVA%V5_3_3" of every client of every group.
StatusOr<Json> ClientsOf(Context& context, const std::string& address,
                         const wire::SubscriptionGroupTable& groups) {
  std::set<std::string> clients;
  for (const auto& [group, config] : groups.groups) {
    COMET_ASSIGN(const auto answer, context.admin.Ask<wire::GetConsumerConnections>(
                                        address, {.consumer_group = group}));
    if (!answer->ok()) continue;  // nobody of the group is online
    COMET_ASSIGN(const auto known,
                 client::ReadBody<wire::ConsumerConnection>(answer->body, address));
    for (const wire::Connection& one : known.connections) {
      clients.insert(Concat(one.language.value_or("null"), "%", VersionText(one.version)));
    }
  }
  return Strings(std::vector<std::string>(clients.begin(), clients.end()));
}

StatusOr<Json> ReportOf(Context& context, const std::string& address, Figures* total) {
  COMET_ASSIGN(const RuntimeInfo info, client::GetRuntimeInfo(context.admin, address));
  COMET_ASSIGN(const auto settings, client::GetBrokerConfig(context.admin, address));
  COMET_ASSIGN(const auto topics, UserTopics(context, address, false));
  COMET_ASSIGN(const auto groups, UserGroups(context, address));
  COMET_ASSIGN(const Figures figures, FiguresOf(context, address, info));
  COMET_ASSIGN(const Json clients, ClientsOf(context, address, groups));
  total->Add(figures);
  const Json environment = Record({{"cpuNum", TextOf(settings, "clientCallbackExecutorThreads")},
                                   {"totalMemKBytes", TextOf(info, "totalMemKBytes")}});
  const Json disk = Record({{"commitLogDiskRatio", TextOf(info, "commitLogDiskRatio")},
                            {"consumeQueueDiskRatio", TextOf(info, "consumeQueueDiskRatio")}});
  const Json quota = Record({{"diskRatio", Value(disk)},
                             {"tps", Value(RateJson(figures, false))},
                             {"oneDayNum", Value(DayJson(figures))},
                             {"messageAverageSize", TextOf(info, "putMessageAverageSize")},
                             {"topicSize", topics.topics.size()},
                             {"groupSize", groups.groups.size()}});
  const Json versions =
      Record({{"rocketmqVersion", VersionText(wire::kVersion)}, {"clientInfo", Value(clients)}});
  return Record({{"runtimeEnv", Value(environment)},
                 {"runtimeQuota", Value(quota)},
                 {"runtimeVersion", Value(versions)}});
}

Status RunExportMetrics(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const auto groups,
               client::GetBrokersOfCluster(context.admin, arguments.Text("clusterName")));
  Json::Object reports;
  Figures total;
  for (const client::BrokerAddresses& group : groups) {
    if (group.master.empty()) continue;
    COMET_ASSIGN(Json report, ReportOf(context, group.master, &total));
    reports.push_back({Json(group.name), std::move(report)});
  }
  const Json totals = Record(
      {{"totalTps", Value(RateJson(total, true))}, {"totalOneDayNum", Value(DayJson(total))}});
  return WriteExport(
      context, arguments, "metrics.json",
      Record({{"evaluateReport", Value(Json(std::move(reports)))}, {"totalData", Value(totals)}}));
}

}  // namespace

constinit const Command kExportMetrics{
    .name = "exportMetrics",
    .summary = "Writes the load of a cluster's brokers and the versions of its clients to a file.",
    .example = "mqadmin exportMetrics -n 192.168.0.1:9876 -c DefaultCluster -f /tmp/export",
    .options = kExportMetricsOptions,
    .effect = Effect::kReads,
    .run = &RunExportMetrics};

}  // namespace comet::cli
