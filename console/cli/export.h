#pragma once

#include <string>

#include "console/cli/command.h"
#include "remoting/base/status_or.h"
#include "remoting/wire/bodies/subscription_group.h"
#include "remoting/wire/bodies/topic_config.h"

namespace comet::cli {

// -f of the export commands.
inline constexpr Option kExportFolder{'f', "filePath", Takes::kValue, Must::kOptional,
                                      "Folder to write to; /tmp/rocketmq/export unless given"};

// Writes `document` to the file of the folder, and says so.
Status WriteExport(Context& context, const Arguments& arguments, const std::string& file,
                   const Json& document);

// What users made on a broker: without topics and groups of the system, and, unless wanted, without
// retry and dead-letter topics.
StatusOr<wire::TopicConfigTable> UserTopics(Context& context, const std::string& address,
                                            bool with_retry_topics);
StatusOr<wire::SubscriptionGroupTable> UserGroups(Context& context, const std::string& address);

}  // namespace comet::cli
