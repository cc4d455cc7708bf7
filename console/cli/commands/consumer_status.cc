#include <array>

#include "console/cli/client_report.h"
#include "console/cli/commands/all.h"

namespace comet::cli {
namespace {

constexpr std::array kConsumerStatusOptions{
    Option{'g', "consumerGroup", Takes::kValue, Must::kRequired, "Consumer group"},
    Option{'i', "clientId", Takes::kValue, Must::kOptional,
           "Only this client: prints what it tells instead of a list"},
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "Ask this broker for the clients"},
    Option{'s', "jstack", Takes::kNothing, Must::kOptional, "With the stacks of its threads"},
    Option{0, "save", Takes::kValue, Must::kOptional,
           "Folder for the clients' files; otherwise one named by the time"}};

constexpr std::array kConsumerStatusColumns{
    Column{"#Index", "index"}, Column{"#ClientId", "clientId"}, Column{"#Version", "version"},
    Column{"#ConsumerRunningInfoFile", "file"}, Column{"", "runningInfo"}};
constexpr TableForm kConsumerStatusClients{"clients", "%-10s %-40s %-20s %s%s\n",
                                           "%-10s %-40s %-20s %s%s\n", kConsumerStatusColumns};

Status RunConsumerStatus(Context& context, const Arguments& arguments) {
  return ReportClients(context, arguments, kConsumerStatusClients);
}

}  // namespace

constinit const Command kConsumerStatus{
    .name = "consumerStatus",
    .summary = "Shows what the clients of a consumer group are doing.",
    .example = "mqadmin consumerStatus -n 192.168.0.1:9876 -g billing",
    .options = kConsumerStatusOptions,
    .effect = Effect::kReads,
    .run = &RunConsumerStatus};

}  // namespace comet::cli
