#include "remoting/wire/requests/update_topic_list.h"

#include <array>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/config_text.h"
#include "console/cli/targets.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kUpdateTopicListOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "On this broker, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "On every master of this cluster"},
    Option{'f', "filename", Takes::kValue, Must::kRequired,
           "File with a JSON array of topics; attributes in it are changes: \"+key\" sets, "
           "\"-key\" removes"}};

constexpr std::size_t kFileBytesMax = 64 << 20;

StatusOr<std::vector<wire::TopicConfig>> ReadTopics(const std::string& path) {
  PosixFileSystem fs;
  COMET_ASSIGN(const std::string text, ReadFile(fs, path, kFileBytesMax));
  auto document = ParseJson(text);
  if (!document.ok()) return document.TakeError().Annotate(path);
  const Json::Array* array = document->AsArray();
  if (array == nullptr || array->empty()) {
    return Status(Status::Code::kInvalid, Concat(path, " is no JSON array of topics"));
  }
  std::vector<wire::TopicConfig> topics;
  for (const Json& item : *array) {
    auto config = FromJson<wire::TopicConfig>(item);
    if (!config.ok()) return config.TakeError().Annotate(path);
    if (config->name.empty()) {
      return Status(Status::Code::kInvalid, Concat(path, " has a topic without topicName"));
    }
    topics.push_back(config.Take());
  }
  return topics;
}

StatusOr<Step> StepOfUpdateTopicList(Context& context, const std::string& address,
                                     const std::vector<wire::TopicConfig>& topics) {
  COMET_ASSIGN(const wire::TopicConfigTable present,
               client::GetTopicConfigs(context.admin, address));
  Json::Object before;
  Json::Object after;
  for (const wire::TopicConfig& topic : topics) {
    wire::TopicConfig changed = topic;
    changed.attributes.clear();
    const auto at = present.topics.find(topic.name);
    if (at != present.topics.end()) {
      before.push_back({Json(topic.name), JsonOf(at->second)});
      changed.attributes = at->second.attributes;
    }
    ApplyAttributes(topic.attributes, &changed.attributes);
    after.push_back({Json(topic.name), JsonOf(changed)});
  }
  Step step{wire::UpdateTopicList::kName, address, Concat(topics.size(), " topics")};
  step.differences = DifferencesOf(Json(std::move(before)), Json(std::move(after)));
  step.send = [&context, address, topics]() -> StatusOr<std::string> {
    COMET_TRY(client::UpdateTopics(context.admin, address, topics));
    return Concat("submit batch of topic config to ", address,
                  " success, please check the result later.\n");
  };
  return step;
}

Status RunUpdateTopicList(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const auto topics, ReadTopics(arguments.Text("filename")));
  COMET_ASSIGN(const std::vector<Target> targets, MastersOf(context, arguments));
  std::vector<Step> steps;
  for (const Target& target : targets) {
    COMET_ASSIGN(Step step, StepOfUpdateTopicList(context, target.address, topics));
    steps.push_back(std::move(step));
  }
  return CarryOut(context, steps);
}

}  // namespace

constinit const Command kUpdateTopicList{
    .name = "updateTopicList",
    .summary = "Makes or changes the topics that a file lists.",
    .example = "mqadmin updateTopicList -n 192.168.0.1:9876 -c DefaultCluster -f topics.json",
    .options = kUpdateTopicListOptions,
    .effect = Effect::kWrites,
    .run = &RunUpdateTopicList};

}  // namespace comet::cli
