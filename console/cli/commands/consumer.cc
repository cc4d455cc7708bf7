#include <array>

#include "console/cli/client_report.h"
#include "console/cli/commands/all.h"

namespace comet::cli {
namespace {

constexpr std::array kConsumerOptions{
    Option{'g', "consumerGroup", Takes::kValue, Must::kRequired, "Consumer group"},
    Option{'i', "clientId", Takes::kValue, Must::kOptional,
           "Only this client: prints what it tells instead of a list"},
    Option{'s', "jstack", Takes::kNothing, Must::kOptional, "With the stacks of its threads"},
    Option{0, "save", Takes::kValue, Must::kOptional,
           "Folder for the clients' files; otherwise one named by the time"}};

constexpr std::array kConsumerColumns{Column{"", "index"}, Column{"", "clientId"},
                                      Column{"", "version"}, Column{"", "file"},
                                      Column{"", "runningInfo"}};
constexpr TableForm kConsumerClients{"clients", "", "%s  %-40s %-20s %s%s\n", kConsumerColumns};

Status RunConsumer(Context& context, const Arguments& arguments) {
  return ReportClients(context, arguments, kConsumerClients);
}

}  // namespace

constinit const Command kConsumer{.name = "consumer",
                                  .summary = "The older form of consumerStatus.",
                                  .example = "mqadmin consumer -n 192.168.0.1:9876 -g billing",
                                  .options = kConsumerOptions,
                                  .effect = Effect::kReads,
                                  .run = &RunConsumer};

}  // namespace comet::cli
