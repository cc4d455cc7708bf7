#include "console/cli/commands.h"

#include <algorithm>
#include <array>

#include "console/cli/commands/all.h"
#include "console/cli/nearest.h"
#include "remoting/base/enum_names.h"

namespace comet::cli {
namespace {

const std::array kCommands{
    // One a line, as mqadmin has always listed them.
    kUpdateTopic,
    kUpdateTopicList,
    kDeleteTopic,
    kUpdateSubGroup,
    kUpdateBrokerConfig,
    kUpdateTopicPerm,
    kTopicRoute,
    kTopicStatus,
    kTopicClusterList,
    kGetTopicConfig,
    kBrokerStatus,
    kQueryMsgById,
    kQueryMsgByKey,
    kQueryMsgByOffset,
    kSendMsgStatus,
    kBrokerConsumeStats,
    kConsumerProgress,
    kClusterList,
    kTopicList,
    kUpdateKvConfig,
    kDeleteKvConfig,
    kGetKvConfig,
    kListKvConfig,
    kWipeWritePerm,
    kAddWritePerm,
    kUpdateOrderConf,
    kCleanExpiredCq,
    kDeleteExpiredCommitLog,
    kCleanUnusedTopic,
    kAllocateMq,
    kClusterRt,
    kGetNamesrvConfig,
    kUpdateNamesrvConfig,
    kGetBrokerConfig,
    kSendMessage,
    kConsumeMessage,
    kExportMetadata,
    kExportConfigs,
    kExportMetrics,
    kHaStatus,
    kCheckMsgSendRT,
    kCloneGroupOffset,
    kConsumeTimeSpan,
    kConsumer,
    kConsumerConnection,
    kConsumerStatus,
    kDecodeMessageId,
    kDeleteSubGroup,
    kGetConsumerConfig,
    kGetConsumerStatus,
    kPrintMsg,
    kPrintMsgByQueue,
    kProducer,
    kProducerConnection,
    kQueryCq,
    kQueryMsgByUniqueKey,
    kQueryMsgTraceById,
    kResetOffsetByTime,
    kResetOffsetByTimeOld,
    kSkipAccumulatedMessage,
    kStatsAll,
    kUpdateSubGroupList,
};

}  // namespace

std::span<const Command> Commands() {
  return kCommands;
}

const Command* FindCommand(std::string_view name) {
  const auto at = std::find_if(kCommands.begin(), kCommands.end(), [&](const Command& command) {
    return EqualIgnoringCase(command.name, name);
  });
  return at == kCommands.end() ? nullptr : &*at;
}

const Command* NearestCommand(std::string_view name) {
  return Nearest(kCommands, name, [](const Command& command) { return command.name; });
}

}  // namespace comet::cli
