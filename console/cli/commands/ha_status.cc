#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "console/cli/targets.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

constexpr std::array kHaStatusOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "Broker to ask, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "Ask every master of this cluster"},
    Option{'i', "interval", Takes::kValue, Must::kOptional,
           "Seconds between looks, until interrupted"}};

constexpr std::string_view kTroubleLine = "%-32s  %9s %-19s  %s\n";
constexpr std::string_view kHaStatusLine = "%-32s  %-16s %16s %16s %16s %16s\n";

std::string KiloBytes(std::int64_t bytes) {
  return Fixed(static_cast<double>(bytes) / 1024, 2);
}

std::string MasterText(const Target& target, const wire::HaStatus& status) {
  std::string text = Concat("\n#MasterAddr\t", target.address, "\n#MasterCommitLogMaxOffset\t",
                            status.max_offset, "\n#SlaveNum\t", status.connections.size(),
                            "\n#InSyncSlaveNum\t", status.in_sync, "\n");
  text += Row(kHaStatusLine, {"#SlaveAddr", "#SlaveAckOffset", "#Diff", "#TransferSpeed(KB/s)",
                              "#Status", "#TransferFromWhere"});
  for (const auto& slave : status.connections) {
    text += Row(kHaStatusLine, {slave.address, Concat(slave.acked), Concat(slave.diff),
                                KiloBytes(slave.bytes_per_second),
                                slave.in_sync ? "OK" : "Fall Behind", Concat(slave.sent)});
  }
  return text;
}

std::string SlaveText(const wire::HaClientStatus& slave) {
  return Concat("\n#MasterAddr\t", slave.master.value_or(""), "\n#CommitLogMaxOffset\t",
                slave.max_offset, "\n#TransferSpeed(KB/s)\t", KiloBytes(slave.bytes_per_second),
                "\n#LastReadTime\t", HumanTime(slave.last_read_ms), "\n#LastWriteTime\t",
                HumanTime(slave.last_write_ms), "\n#MasterFlushOffset\t", slave.master_flushed,
                "\n");
}

// Below Apache's columns, and only when something is wrong.
std::string TroublesText(const wire::HaStatus& status) {
  if (!status.troubles) return "";
  std::string text =
      Concat("\n", Row(kTroubleLine, {"#PeerAddr", "#BrokerId", "#Time", "#Trouble"}));
  for (const auto& one : *status.troubles) {
    text += Row(kTroubleLine,
                {one.address, one.broker_id < 0 ? std::string("unknown") : Concat(one.broker_id),
                 HumanTime(one.time_ms), one.text});
  }
  return text;
}

Status PrintHaStatus(Context& context, const Target& target) {
  COMET_ASSIGN(const auto status, client::GetHaStatus(context.admin, target.address));
  context.out.Append("",
                     Record({{"brokerAddr", target.address},
                             {"brokerName", target.broker},
                             {"haStatus", Cell("", JsonOf(status))}}),
                     Concat(status.master ? MasterText(target, status) : SlaveText(status.client),
                            TroublesText(status)));
  return {};
}

Status RunHaStatus(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const std::int64_t interval_s, arguments.NumberOr("interval", 0, 1, 86400));
  do {
    COMET_ASSIGN(const std::vector<Target> targets, MastersOf(context, arguments));
    COMET_TRY(ForEach(context, targets,
                      [&](const Target& target) { return PrintHaStatus(context, target); }));
  } while (interval_s > 0 && context.Pause(std::chrono::seconds(interval_s)));
  return {};
}

}  // namespace

constinit const Command kHaStatus{
    .name = "haStatus",
    .summary = "Shows how far replicas have copied their master.",
    .example = "mqadmin haStatus -n 192.168.0.1:9876 -c DefaultCluster",
    .options = kHaStatusOptions,
    .effect = Effect::kReads,
    .run = &RunHaStatus,
    .note =
        "Below the columns, when there are any: replicas that the master has turned away, or what "
        "a "
        "slave cannot follow, and what to do; in JSON \"troubles\", which is not there when all is "
        "well. The exit code says whether the brokers were asked, not how they are."};

}  // namespace comet::cli
