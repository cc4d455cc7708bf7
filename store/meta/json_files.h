#pragma once

// What a Java broker's config/*.json hold, as far as a broker's own tables go.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "remoting/base/describe.h"
#include "remoting/wire/bodies/data_version.h"
#include "remoting/wire/bodies/topic_config.h"

namespace comet::store::meta {

inline constexpr std::string_view kTopicsFile = "topics.json";
inline constexpr std::string_view kGroupsFile = "subscriptionGroup.json";
inline constexpr std::string_view kOffsetsFile = "consumerOffset.json";
inline constexpr std::string_view kDelayFile = "delayOffset.json";
inline constexpr std::string_view kBackupSuffix = ".bak";

// topics.json. The other files are bodies of requests too: wire::SubscriptionGroupTable,
// wire::ConsumerOffsetTable, wire::DelayOffsetTable.
struct TopicsFile {
  wire::DataVersion data_version;
  std::map<std::string, wire::TopicConfig> topics;

  static constexpr auto Fields() {
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&TopicsFile::data_version, "dataVersion", kNo, "Changes with every topic."),
        F(&TopicsFile::topics, "topicConfigTable", kNo, "Topics by name.")};
  }
};

}  // namespace comet::store::meta
