#include "console/cli/commands/all.h"
#include "console/cli/upkeep.h"
#include "remoting/wire/requests/delete_expired_log.h"

namespace comet::cli {

constinit const Command kDeleteExpiredCommitLog{
    .name = "deleteExpiredCommitLog",
    .summary = "Deletes expired files of the log at once, whatever the hour.",
    .example = "mqadmin deleteExpiredCommitLog -n 192.168.0.1:9876 -c DefaultCluster",
    .options = kUpkeepOptions,
    .effect = Effect::kDangerous,
    .run = &RunUpkeep<wire::DeleteExpiredLog>};

}  // namespace comet::cli
