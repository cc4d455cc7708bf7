#include <array>
#include <map>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "console/cli/export.h"
#include "console/cli/targets.h"

namespace comet::cli {
namespace {

constexpr std::array kExportMetadataOptions{
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "Masters of this cluster together"},
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional,
           "One broker, HOST:PORT; wants -t or -g"},
    kExportFolder,
    Option{'t', "topic", Takes::kNothing, Must::kOptional, "Topics alone, to topic.json"},
    Option{'g', "subscriptionGroup", Takes::kNothing, Must::kOptional,
           "Consumer groups alone, to subscriptionGroup.json"},
    Option{'s', "specialTopic", Takes::kNothing, Must::kOptional,
           "Retry and dead-letter topics too"}};

Status ExportBroker(Context& context, const Arguments& arguments) {
  const std::string address = arguments.Text("brokerAddr");
  if (arguments.Has("topic")) {
    COMET_ASSIGN(const auto topics, UserTopics(context, address, arguments.Has("specialTopic")));
    return WriteExport(context, arguments, "topic.json", JsonOf(topics));
  }
  if (arguments.Has("subscriptionGroup")) {
    COMET_ASSIGN(const auto groups, UserGroups(context, address));
    return WriteExport(context, arguments, "subscriptionGroup.json", JsonOf(groups));
  }
  return Status(Status::Code::kInvalid, "with --brokerAddr give --topic or --subscriptionGroup");
}

// What the masters of a cluster have together: queues of the same topic, and retry queues of the
// same group, are added up.
struct Metadata {
  std::map<std::string, wire::TopicConfig> topics;
  std::map<std::string, wire::SubscriptionGroupConfig> groups;
};

void AddTopics(const wire::TopicConfigTable& table, Metadata* all) {
  for (const auto& [name, config] : table.topics) {
    const auto [at, first] = all->topics.try_emplace(name, config);
    if (first) continue;
    at->second.read_queues += config.read_queues;
    at->second.write_queues += config.write_queues;
  }
}

void AddGroups(const wire::SubscriptionGroupTable& table, Metadata* all) {
  for (const auto& [name, config] : table.groups) {
    const auto [at, first] = all->groups.try_emplace(name, config);
    if (!first) at->second.retry_queues += config.retry_queues;
  }
}

template <class Config>
Json TableOf(const std::map<std::string, Config>& configs) {
  Json::Object table;
  for (const auto& [name, config] : configs) table.push_back({Json(name), JsonOf(config)});
  return Json(std::move(table));
}

Status ExportCluster(Context& context, const Arguments& arguments) {
  const bool topics = !arguments.Has("subscriptionGroup") || arguments.Has("topic");
  const bool groups = !arguments.Has("topic");
  COMET_ASSIGN(const std::vector<Target> targets, MastersOf(context, arguments));
  Metadata all;
  for (const Target& target : targets) {
    if (topics) {
      COMET_ASSIGN(const auto table,
                   UserTopics(context, target.address, arguments.Has("specialTopic")));
      AddTopics(table, &all);
    }
    if (groups) {
      COMET_ASSIGN(const auto table, UserGroups(context, target.address));
      AddGroups(table, &all);
    }
  }
  Json::Object document;
  if (topics) document.push_back({Json(std::string("topicConfigTable")), TableOf(all.topics)});
  if (groups) {
    document.push_back({Json(std::string("subscriptionGroupTable")), TableOf(all.groups)});
  }
  document.push_back({Json(std::string("exportTime")), Json(context.clock.WallNow())});
  const std::string file =
      !groups ? "topic.json" : (topics ? "metadata.json" : "subscriptionGroup.json");
  return WriteExport(context, arguments, file, Json(std::move(document)));
}

Status RunExportMetadata(Context& context, const Arguments& arguments) {
  COMET_TRY(arguments.ExactlyOne("brokerAddr", "clusterName"));
  return arguments.Has("brokerAddr") ? ExportBroker(context, arguments)
                                     : ExportCluster(context, arguments);
}

}  // namespace

constinit const Command kExportMetadata{
    .name = "exportMetadata",
    .summary = "Writes the settings of topics and consumer groups to a file.",
    .example = "mqadmin exportMetadata -n 192.168.0.1:9876 -c DefaultCluster -f /tmp/export",
    .options = kExportMetadataOptions,
    .effect = Effect::kReads,
    .run = &RunExportMetadata};

}  // namespace comet::cli
