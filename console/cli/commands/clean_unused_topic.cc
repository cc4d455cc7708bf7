#include "console/cli/commands/all.h"
#include "console/cli/upkeep.h"
#include "remoting/wire/requests/clean_unused_topics.h"

namespace comet::cli {

constinit const Command kCleanUnusedTopic{
    .name = "cleanUnusedTopic",
    .summary = "Deletes queues of topics that do not exist any more.",
    .example = "mqadmin cleanUnusedTopic -n 192.168.0.1:9876 -c DefaultCluster",
    .options = kUpkeepOptions,
    .effect = Effect::kDangerous,
    .run = &RunUpkeep<wire::CleanUnusedTopics>};

}  // namespace comet::cli
