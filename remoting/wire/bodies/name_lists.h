#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "remoting/base/describe.h"

namespace comet::wire {

// Answers that are a list or a table of texts.

struct TopicList {
  std::vector<std::string> topics;
  std::optional<std::string> broker_addr;

  static constexpr auto Fields() {
    using B = TopicList;
    return Declaration{F(&B::topics, "topicList", Need::kOptional, "Topics."),
                       F(&B::broker_addr, "brokerAddr", Need::kOptional, "A broker to ask next.")};
  }
};

struct GroupList {
  std::vector<std::string> groups;

  static constexpr auto Fields() {
    return Declaration{F(&GroupList::groups, "groupList", Need::kOptional, "Consumer groups.")};
  }
};

// The answer to GET_CONSUMER_LIST_BY_GROUP; clients sort it and share out the queues.
struct ConsumerList {
  std::vector<std::string> client_ids;

  static constexpr auto Fields() {
    return Declaration{
        F(&ConsumerList::client_ids, "consumerIdList", Need::kOptional, "Clients of the group.")};
  }
};

// Runtime information, KV namespaces, ordered topics.
struct KvTable {
  std::map<std::string, std::string> table;

  static constexpr auto Fields() {
    return Declaration{F(&KvTable::table, "table", Need::kOptional, "Values by key.")};
  }
};

// kvConfig.json of a name server.
struct KvConfigFile {
  std::map<std::string, std::map<std::string, std::string>> namespaces;

  static constexpr auto Fields() {
    return Declaration{
        F(&KvConfigFile::namespaces, "configTable", Need::kOptional, "Tables by namespace.")};
  }
};

}  // namespace comet::wire
