#include "console/cli/commands/all.h"
#include "console/cli/upkeep.h"
#include "remoting/wire/requests/clean_expired_queues.h"

namespace comet::cli {

constinit const Command kCleanExpiredCq{
    .name = "cleanExpiredCQ",
    .summary = "Deletes what queues hold of messages that are gone.",
    .example = "mqadmin cleanExpiredCQ -n 192.168.0.1:9876 -c DefaultCluster",
    .options = kUpkeepOptions,
    .effect = Effect::kWrites,
    .run = &RunUpkeep<wire::CleanExpiredQueues>};

}  // namespace comet::cli
