#pragma once

#include "console/cli/command.h"

namespace comet::cli {

// One a file in this folder; commands.cc lists them.
extern const Command kClusterList;
extern const Command kConsumeMessage;
extern const Command kConsumerProgress;
extern const Command kDeleteTopic;
extern const Command kGetBrokerConfig;
extern const Command kQueryMsgById;
extern const Command kQueryMsgByKey;
extern const Command kQueryMsgByOffset;
extern const Command kSendMessage;
extern const Command kTopicList;
extern const Command kTopicRoute;
extern const Command kTopicStatus;
extern const Command kUpdateBrokerConfig;
extern const Command kUpdateSubGroup;
extern const Command kUpdateTopic;

}  // namespace comet::cli
