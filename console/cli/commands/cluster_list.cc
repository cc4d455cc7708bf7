#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "console/cli/runtime_figures.h"
#include "console/cli/table.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

constexpr std::array kClusterListOptions{
    Option{'m', "moreStats", Takes::kNothing, Must::kOptional,
           "Totals of yesterday and today instead of rates"},
    Option{'i', "interval", Takes::kValue, Must::kOptional,
           "Repeat every so many seconds, until interrupted"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "Only this cluster"}};

constexpr std::array kClusterListColumns{Column{"#Cluster Name", "clusterName"},
                                         Column{"#Broker Name", "brokerName"},
                                         Column{"#BID", "brokerId"},
                                         Column{"#Addr", "brokerAddr"},
                                         Column{"#Version", "version"},
                                         Column{"#InTPS(LOAD)", "putTps"},
                                         Column{"#OutTPS(LOAD)", "getTps"},
                                         Column{"#Timer(Progress)", "timer"},
                                         Column{"#PCWait(ms)", "pageCacheLockMs"},
                                         Column{"#Hour", "oldestMessageHours"},
                                         Column{"#SPACE", "commitLogDiskRatio"},
                                         Column{"#ACTIVATED", "active"}};
constexpr TableForm kLoads{
    "", "%-22s  %-22s  %-4s  %-22s %-16s  %16s  %30s  %-22s  %-11s  %-12s  %-8s  %-10s\n",
    "%-22s  %-22s  %-4s  %-22s %-16s  %16s  %30s  %-22s  %11s  %-12s  %-8s  %10s\n",
    kClusterListColumns};

constexpr std::array kTotalColumns{
    Column{"#Cluster Name", "clusterName"}, Column{"#Broker Name", "brokerName"},
    Column{"#InTotalYest", "putYesterday"}, Column{"#OutTotalYest", "getYesterday"},
    Column{"#InTotalToday", "putToday"},    Column{"#OutTotalToday", "getToday"}};
constexpr std::string_view kTotalLine = "%-16s  %-32s %14s %14s %14s %14s\n";
constexpr TableForm kTotals{"", kTotalLine, kTotalLine, kTotalColumns};

// One broker process in the list.
struct Process {
  std::string cluster, broker, address;
  std::int64_t id = 0;
};

std::string TimerOf(const RuntimeInfo& info) {
  return Concat(NumberOf(info, "timerReadBehind"), "-", NumberOf(info, "timerOffsetBehind"), "(",
                Fixed(static_cast<double>(NumberOf(info, "timerCongestNum")) / 10000.0, 1), "w, ",
                Fixed(DecimalOf(info, "timerEnqueueTps"), 1), ", ",
                Fixed(DecimalOf(info, "timerDequeueTps"), 1), ")");
}

Cell Rate(double rate, const std::string& load) {
  return {Row("%9s(%s)", {Fixed(rate, 2), load}), Json(rate)};
}

std::string LoadOf(const RuntimeInfo& info, const std::string& pool, std::string_view otherwise) {
  return Concat(TextOf(info, pool + "ThreadPoolQueueSize", otherwise), ",",
                TextOf(info, pool + "ThreadPoolQueueHeadWaitTimeMills", otherwise), "ms");
}

double HoursSince(const RuntimeInfo& info, WallMs now_ms) {
  const auto earliest = ParseNumber<std::int64_t>(TextOf(info, "earliestMessageTimeStamp"));
  return earliest ? static_cast<double>(now_ms - *earliest) / 3'600'000.0 : 0;
}

void PrintBase(Context& context, const Process& process, const RuntimeInfo& info) {
  context.out.Add(
      kLoads,
      {process.cluster, process.broker, process.id, process.address,
       TextOf(info, "brokerVersionDesc"), Rate(DecimalOf(info, "putTps"), LoadOf(info, "send", "")),
       Rate(DecimalOf(info, "getTransferredTps"),
            Concat(LoadOf(info, "pull", ""), "|", LoadOf(info, "ack", "N"))),
       TimerOf(info),
       Cell(TextOf(info, "pageCacheLockTimeMills"), Json(NumberOf(info, "pageCacheLockTimeMills"))),
       Decimal(HoursSince(info, context.clock.WallNow()), 2),
       Decimal(DecimalOf(info, "commitLogDiskRatio"), 4), TextOf(info, "brokerActive") == "true"});
}

void PrintTotals(Context& context, const Process& process, const RuntimeInfo& info) {
  const std::int64_t put_today = NumberOf(info, "msgPutTotalTodayMorning");
  const std::int64_t get_today = NumberOf(info, "msgGetTotalTodayMorning");
  context.out.Add(kTotals, {process.cluster, process.broker,
                            put_today - NumberOf(info, "msgPutTotalYesterdayMorning"),
                            get_today - NumberOf(info, "msgGetTotalYesterdayMorning"),
                            NumberOf(info, "msgPutTotalTodayNow") - put_today,
                            NumberOf(info, "msgGetTotalTodayNow") - get_today});
}

std::vector<Process> Processes(const wire::ClusterInfo& cluster_info, const std::string& cluster) {
  std::vector<Process> processes;
  for (const auto& [name, brokers] : cluster_info.clusters) {
    if (!cluster.empty() && name != cluster) continue;
    for (const std::string& broker : brokers) {
      const auto at = cluster_info.brokers.find(broker);
      if (at == cluster_info.brokers.end()) continue;
      for (const auto& [id, address] : at->second.addresses) {
        processes.push_back({name, broker, address, id});
      }
    }
  }
  std::stable_sort(processes.begin(), processes.end(), [](const Process& a, const Process& b) {
    return std::tie(a.cluster, a.broker, a.id) < std::tie(b.cluster, b.broker, b.id);
  });
  return processes;
}

Status PrintOnce(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const wire::ClusterInfo cluster_info, client::GetCluster(context.admin));
  const std::string cluster = arguments.Text("clusterName");
  const bool totals = arguments.Has("moreStats");
  context.out.Begin(totals ? kTotals : kLoads);
  const std::vector<Process> processes = Processes(cluster_info, cluster);
  if (processes.empty() && !cluster.empty()) {
    return Status(Status::Code::kNotFound, Concat("no broker of cluster ", cluster, " is there"));
  }
  for (const Process& process : processes) {
    auto info = client::GetRuntimeInfo(context.admin, process.address);
    if (!info.ok()) context.Complain(info.error());
    (totals ? PrintTotals : PrintBase)(context, process, info.ok() ? *info : RuntimeInfo());
  }
  return {};
}

Status RunClusterList(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const std::int64_t interval_s, arguments.NumberOr("interval", 0, 1, 86400));
  do {
    COMET_TRY(PrintOnce(context, arguments));
  } while (interval_s > 0 && context.Pause(std::chrono::seconds(interval_s)));
  return {};
}

}  // namespace

constinit const Command kClusterList{.name = "clusterList",
                                     .summary = "Lists clusters and brokers with their load.",
                                     .example = "mqadmin clusterList -n 192.168.0.1:9876",
                                     .options = kClusterListOptions,
                                     .effect = Effect::kReads,
                                     .run = &RunClusterList};

}  // namespace comet::cli
