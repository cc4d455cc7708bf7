#pragma once

#include "console/cli/command.h"

namespace comet::cli {

// One a file in this folder; commands.cc lists them.
extern const Command kAddWritePerm;
extern const Command kAllocateMq;
extern const Command kBrokerConsumeStats;
extern const Command kBrokerStatus;
extern const Command kCheckMsgSendRT;
extern const Command kCleanExpiredCq;
extern const Command kCleanUnusedTopic;
extern const Command kCloneGroupOffset;
extern const Command kClusterList;
extern const Command kClusterRt;
extern const Command kConsumeMessage;
extern const Command kConsumeTimeSpan;
extern const Command kConsumer;
extern const Command kConsumerConnection;
extern const Command kConsumerProgress;
extern const Command kConsumerStatus;
extern const Command kDecodeMessageId;
extern const Command kDeleteExpiredCommitLog;
extern const Command kDeleteKvConfig;
extern const Command kDeleteSubGroup;
extern const Command kDeleteTopic;
extern const Command kExportConfigs;
extern const Command kExportMetadata;
extern const Command kExportMetrics;
extern const Command kGetBrokerConfig;
extern const Command kHaStatus;
extern const Command kGetConsumerConfig;
extern const Command kGetConsumerStatus;
extern const Command kGetKvConfig;
extern const Command kGetNamesrvConfig;
extern const Command kGetTopicConfig;
extern const Command kListKvConfig;
extern const Command kPrintMsg;
extern const Command kPrintMsgByQueue;
extern const Command kProducer;
extern const Command kProducerConnection;
extern const Command kQueryCq;
extern const Command kQueryMsgById;
extern const Command kQueryMsgByKey;
extern const Command kQueryMsgByOffset;
extern const Command kQueryMsgByUniqueKey;
extern const Command kQueryMsgTraceById;
extern const Command kResetOffsetByTime;
extern const Command kResetOffsetByTimeOld;
extern const Command kSendMessage;
extern const Command kSendMsgStatus;
extern const Command kSkipAccumulatedMessage;
extern const Command kStatsAll;
extern const Command kTopicClusterList;
extern const Command kTopicList;
extern const Command kTopicRoute;
extern const Command kTopicStatus;
extern const Command kUpdateBrokerConfig;
extern const Command kUpdateKvConfig;
extern const Command kUpdateNamesrvConfig;
extern const Command kUpdateOrderConf;
extern const Command kUpdateSubGroup;
extern const Command kUpdateSubGroupList;
extern const Command kUpdateTopic;
extern const Command kUpdateTopicList;
extern const Command kUpdateTopicPerm;
extern const Command kWipeWritePerm;

}  // namespace comet::cli
