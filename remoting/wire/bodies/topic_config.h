#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/base/enum_names.h"
#include "remoting/base/json.h"
#include "remoting/wire/bodies/data_version.h"
#include "remoting/wire/flags.h"

namespace comet::wire {

enum class TopicFilterType : std::uint8_t { kSingleTag, kMultiTag };
constexpr auto NamesOf(TopicFilterType /*type*/) {
  return std::array<std::string_view, 2>{"SINGLE_TAG", "MULTI_TAG"};
}

// A topic as one broker has it.
struct TopicConfig {
  std::string name;
  std::int32_t read_queues = 16;
  std::int32_t write_queues = 16;
  std::int32_t perm = perm::kReadWrite;
  TopicFilterType filter_type = TopicFilterType::kSingleTag;
  std::int32_t sys_flag = 0;
  bool order = false;
  std::map<std::string, std::string> attributes;

  bool operator==(const TopicConfig&) const = default;

  static constexpr auto Fields() {
    using B = TopicConfig;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::name, "topicName", kNo, "Topic."),
        F(&B::read_queues, "readQueueNums", kNo, "Queues consumers read."),
        F(&B::write_queues, "writeQueueNums", kNo, "Queues producers write."),
        F(&B::perm, "perm", kNo, "4 read, 2 write, 1 inherit."),
        F(&B::filter_type, "topicFilterType", kNo, "One or several tags to a message."),
        F(&B::sys_flag, "topicSysFlag", kNo, "1 unit, 2 unit subscription."),
        F(&B::order, "order", kNo, "Queue numbers stay with their broker."),
        F(&B::attributes, "attributes", kNo, "Further properties, 5.x.")};
  }
};

// All topics of a broker: the answer to GET_ALL_TOPIC_CONFIG, a part of REGISTER_BROKER, and the
// file topics.json. The static-topic tables are passed through.
struct TopicConfigTable {
  DataVersion data_version;
  std::map<std::string, TopicConfig> topics;
  DataVersion mapping_data_version;
  Json mapping_details{Json::Object{}};
  Json mapping_infos{Json::Object{}};

  static constexpr auto Fields() {
    using B = TopicConfigTable;
    constexpr auto kNo = Need::kOptional;
    return Declaration{
        F(&B::data_version, "dataVersion", kNo, "Changes with every topic."),
        F(&B::topics, "topicConfigTable", kNo, "Topics by name."),
        F(&B::mapping_data_version, "mappingDataVersion", kNo, "Version of the static topics."),
        F(&B::mapping_details, "topicQueueMappingDetailMap", kNo, "Static topics in full."),
        F(&B::mapping_infos, "topicQueueMappingInfoMap", kNo, "Static topics in short.")};
  }
};

// Body of UPDATE_AND_CREATE_TOPIC_LIST.
struct TopicConfigList {
  std::vector<TopicConfig> topics;

  static constexpr auto Fields() {
    return Declaration{
        F(&TopicConfigList::topics, "topicConfigList", Need::kRequired, "Topics to create.")};
  }
};

}  // namespace comet::wire
