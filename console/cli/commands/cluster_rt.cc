#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "console/cli/tool_client.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/send_message.h"
#include "sdk/src/admin_cluster.h"

namespace comet::cli {
namespace {

constexpr std::array kClusterRtOptions{
    Option{'a', "amount", Takes::kValue, Must::kOptional,
           "Messages for each broker in a round; 100 unless given"},
    Option{'s', "size", Takes::kValue, Must::kOptional, "Bytes of each; 128 unless given"},
    Option{'c', "cluster", Takes::kValue, Must::kOptional, "Only the brokers of this cluster"},
    Option{'p', "printLog", Takes::kValue, Must::kOptional,
           "true: lines time|room|cluster|broker|ms instead of a table"},
    Option{'m', "machineRoom", Takes::kValue, Must::kOptional,
           "Name of the room in these lines; noname unless given"},
    Option{'i', "interval", Takes::kValue, Must::kOptional,
           "Seconds between rounds, until interrupted; 10 unless given"}};

constexpr std::array kClusterRtColumns{Column{"#Cluster Name", "clusterName"},
                                       Column{"#Broker Name", "brokerName"}, Column{"#RT", "rtMs"},
                                       Column{"#successCount", "successCount"},
                                       Column{"#failCount", "failCount"}};
constexpr TableForm kTimes{"times", "%-24s  %-24s  %-4s  %-8s  %-8s\n",
                           "%-24s  %-24s  %-8s  %-16s  %-16s\n", kClusterRtColumns};

struct ClusterProbe {
  std::string room;
  bool as_log = false;
  std::int64_t amount = 0;
  std::string body;
};

struct Broker {
  std::string cluster, name;
};

StatusOr<std::vector<Broker>> BrokersToProbe(Context& context, const std::string& wanted) {
  COMET_ASSIGN(const wire::ClusterInfo info, client::GetCluster(context.admin));
  std::vector<Broker> brokers;
  for (const auto& [cluster, names] : info.clusters) {
    if (!wanted.empty() && cluster != wanted) continue;
    for (const std::string& name : names) brokers.push_back({cluster, name});
  }
  if (!brokers.empty()) return brokers;
  return Status(Status::Code::kNotFound, wanted.empty()
                                             ? "the name server knows no broker"
                                             : Concat("cluster [", wanted, "] not exist"));
}

// The mean time of a send, without the first, which may have to connect.
void PrintBroker(Context& context, Producer& producer, const Broker& broker,
                 const ClusterProbe& probe) {
  using Ms = std::chrono::duration<double, std::milli>;
  std::int64_t succeeded = 0;
  Ms total{0};
  Status last;
  for (std::int64_t i = 0; i < probe.amount; ++i) {
    const MonoTime start = context.clock.Now();
    const auto receipt = producer.send(Message(broker.name, probe.body));
    if (i > 0) total += context.clock.Now() - start;
    if (receipt) ++succeeded;
    if (!receipt) last = ToStatus(receipt.error());
  }
  if (!last.ok()) context.Complain(last);
  const double mean = probe.amount > 1 ? total.count() / static_cast<double>(probe.amount - 1) : 0;
  if (probe.as_log && !context.out.json()) {
    context.out.Say(Concat(HumanTime(context.clock.WallNow()), "|", probe.room, "|", broker.cluster,
                           "|", broker.name, "|", Fixed(mean, 0), "\n"));
    return;
  }
  context.out.Add(
      kTimes, {broker.cluster, broker.name, Decimal(mean, 2), succeeded, probe.amount - succeeded});
}

Status Repeat(Context& context, const std::vector<Broker>& brokers, const ClusterProbe& probe,
              std::int64_t interval_s) {
  COMET_ASSIGN(const std::shared_ptr<Client> client, ConnectClient(context));
  auto producer = client->producer(ProducerOptions{}.set_group("TOOLS_CLUSTER_RT"));
  if (!producer) return ToStatus(producer.error());
  if (!probe.as_log) context.out.Begin(kTimes);
  do {
    for (const Broker& broker : brokers) PrintBroker(context, *producer, broker, probe);
  } while (context.Pause(std::chrono::seconds(interval_s)));
  return {};
}

Status RunClusterRt(Context& context, const Arguments& arguments) {
  ClusterProbe probe;
  COMET_ASSIGN(probe.amount, arguments.NumberOr("amount", 100, 1, 1'000'000));
  COMET_ASSIGN(const auto bytes, arguments.NumberOr("size", 128, 1, 4 << 20));
  COMET_ASSIGN(const auto interval_s, arguments.NumberOr("interval", 10, 1, 86'400));
  COMET_ASSIGN(probe.as_log, arguments.BoolOr("printLog", false));
  probe.room = arguments.TextOr("machineRoom", "noname");
  probe.body.assign(static_cast<std::size_t>(bytes), 'a');
  COMET_ASSIGN(const std::vector<Broker> brokers,
               BrokersToProbe(context, arguments.Text("cluster")));
  std::string names;
  for (const Broker& broker : brokers) names += Concat(names.empty() ? "" : ";", broker.name);
  Step step{wire::SendMessage::kName, names,
            Concat(probe.amount, " messages of ", bytes,
                   " bytes to the topic of each broker, every ", interval_s, " s")};
  step.send = [&]() -> StatusOr<std::string> {
    COMET_TRY(Repeat(context, brokers, probe, interval_s));
    return std::string();
  };
  return CarryOut(context, {step});
}

}  // namespace

constinit const Command kClusterRt{
    .name = "clusterRT",
    .summary = "Sends messages to every broker again and again, and shows how long they take.",
    .example = "mqadmin clusterRT -n 192.168.0.1:9876 -a 10 -i 5",
    .options = kClusterRtOptions,
    .effect = Effect::kWrites,
    .run = &RunClusterRt};

}  // namespace comet::cli
