#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

using Info = std::map<std::string, std::string>;

constexpr std::array kOptions{
    Option{'m', "moreStats", Takes::kNothing, Must::kOptional,
           "Totals of yesterday and today instead of rates"},
    Option{'i', "interval", Takes::kValue, Must::kOptional,
           "Repeat every so many seconds, until interrupted"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "Only this cluster"}};

constexpr std::string_view kHead =
    "%-22s  %-22s  %-4s  %-22s %-16s  %16s  %30s  %-22s  %-11s  %-12s  %-8s  %-10s\n";
constexpr std::string_view kLine =
    "%-22s  %-22s  %-4s  %-22s %-16s  %16s  %30s  %-22s  %11s  %-12s  %-8s  %10s\n";
constexpr std::string_view kTotals = "%-16s  %-32s %14s %14s %14s %14s\n";

// One broker process in the list.
struct Process {
  std::string cluster, broker, address;
  std::int64_t id = 0;
};

std::string TextOf(const Info& info, const std::string& key, std::string_view otherwise = "") {
  const auto at = info.find(key);
  return at == info.end() ? std::string(otherwise) : at->second;
}

std::int64_t NumberOf(const Info& info, const std::string& key) {
  return ParseNumber<std::int64_t>(TextOf(info, key)).value_or(0);
}

// The first of blank-separated decimals: rates come as 10 s, 1 min, 10 min.
double DecimalOf(const Info& info, const std::string& key) {
  const std::string text = TextOf(info, key);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string TimerOf(const Info& info) {
  return Concat(NumberOf(info, "timerReadBehind"), "-", NumberOf(info, "timerOffsetBehind"), "(",
                Fixed(static_cast<double>(NumberOf(info, "timerCongestNum")) / 10000.0, 1), "w, ",
                Fixed(DecimalOf(info, "timerEnqueueTps"), 1), ", ",
                Fixed(DecimalOf(info, "timerDequeueTps"), 1), ")");
}

std::string RateCell(double rate, const std::string& load) {
  return Row("%9s(%s)", {Fixed(rate, 2), load});
}

std::string LoadOf(const Info& info, const std::string& pool, std::string_view otherwise) {
  return Concat(TextOf(info, pool + "ThreadPoolQueueSize", otherwise), ",",
                TextOf(info, pool + "ThreadPoolQueueHeadWaitTimeMills", otherwise), "ms");
}

double HoursSince(const Info& info, WallMs now_ms) {
  const auto earliest = ParseNumber<std::int64_t>(TextOf(info, "earliestMessageTimeStamp"));
  return earliest ? static_cast<double>(now_ms - *earliest) / 3'600'000.0 : 0;
}

void PrintBase(Context& context, const Process& process, const Info& info) {
  context.out << Row(kLine,
                     {process.cluster, process.broker, Concat(process.id), process.address,
                      TextOf(info, "brokerVersionDesc"),
                      RateCell(DecimalOf(info, "putTps"), LoadOf(info, "send", "")),
                      RateCell(DecimalOf(info, "getTransferredTps"),
                               Concat(LoadOf(info, "pull", ""), "|", LoadOf(info, "ack", "N"))),
                      TimerOf(info), TextOf(info, "pageCacheLockTimeMills"),
                      Fixed(HoursSince(info, context.clock.WallNow()), 2),
                      Fixed(DecimalOf(info, "commitLogDiskRatio"), 4),
                      TextOf(info, "brokerActive") == "true" ? "true" : "false"});
}

void PrintTotals(Context& context, const Process& process, const Info& info) {
  const std::int64_t put_today = NumberOf(info, "msgPutTotalTodayMorning");
  const std::int64_t get_today = NumberOf(info, "msgGetTotalTodayMorning");
  context.out << Row(kTotals, {process.cluster, process.broker,
                               Concat(put_today - NumberOf(info, "msgPutTotalYesterdayMorning")),
                               Concat(get_today - NumberOf(info, "msgGetTotalYesterdayMorning")),
                               Concat(NumberOf(info, "msgPutTotalTodayNow") - put_today),
                               Concat(NumberOf(info, "msgGetTotalTodayNow") - get_today)});
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
  if (totals) {
    context.out << Row(kTotals, {"#Cluster Name", "#Broker Name", "#InTotalYest", "#OutTotalYest",
                                 "#InTotalToday", "#OutTotalToday"});
  } else {
    context.out << Row(kHead, {"#Cluster Name", "#Broker Name", "#BID", "#Addr", "#Version",
                               "#InTPS(LOAD)", "#OutTPS(LOAD)", "#Timer(Progress)", "#PCWait(ms)",
                               "#Hour", "#SPACE", "#ACTIVATED"});
  }
  for (const Process& process : Processes(cluster_info, cluster)) {
    auto info = client::GetRuntimeInfo(context.admin, process.address);
    if (!info.ok()) context.Complain(info.error());
    (totals ? PrintTotals : PrintBase)(context, process, info.ok() ? *info : Info());
  }

  return {};
}

Status Run(Context& context, const Arguments& arguments) {
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
                                     .options = kOptions,
                                     .effect = Effect::kReads,
                                     .run = &Run};

}  // namespace comet::cli
