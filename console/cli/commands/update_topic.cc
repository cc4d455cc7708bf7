#include "remoting/wire/requests/update_topic.h"

#include <array>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "console/cli/change.h"
#include "console/cli/commands/all.h"
#include "console/cli/config_text.h"
#include "console/cli/targets.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/names.h"
#include "remoting/wire/requests/put_kv_config.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kUpdateTopicOptions{
    Option{'b', "brokerAddr", Takes::kValue, Must::kOptional, "On this broker, HOST:PORT"},
    Option{'c', "clusterName", Takes::kValue, Must::kOptional, "On every master of this cluster"},
    Option{'a', "attributes", Takes::kValue, Must::kOptional,
           "Attributes to set and to drop: +a=b,-c"},
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic to make or change"},
    Option{'r', "readQueueNums", Takes::kValue, Must::kOptional,
           "Queues that can be read; 8 for a new topic"},
    Option{'w', "writeQueueNums", Takes::kValue, Must::kOptional,
           "Queues that can be written; 8 for a new topic"},
    Option{'p', "perm", Takes::kValue, Must::kOptional, "2 write, 4 read, 6 both (of a new topic)"},
    Option{'o', "order", Takes::kValue, Must::kOptional,
           "true: listed at the name servers as an ordered topic"},
    Option{'u', "unit", Takes::kValue, Must::kOptional, "true: mark as a topic of a unit"},
    Option{'s', "hasUnitSub", Takes::kValue, Must::kOptional, "true: mark as subscribed by a unit"},
    Option{0, "replace", Takes::kNothing, Must::kOptional,
           "Settings not given go back to those of a new topic, as Apache's mqadmin does it; "
           "otherwise they stay as they are"}};

constexpr std::int64_t kQueuesMax = std::numeric_limits<std::int32_t>::max();

wire::TopicConfig NewTopic(const std::string& name) {
  wire::TopicConfig config;
  config.name = name;
  config.read_queues = config.write_queues = 8;
  return config;
}

StatusOr<std::int32_t> FlagsWith(const Arguments& arguments, std::string_view option,
                                 std::int32_t flags, std::int32_t flag) {
  COMET_ASSIGN(const bool set, arguments.BoolOr(option, (flags & flag) != 0));
  return set ? flags | flag : flags & ~flag;
}

// Gives `config` what was typed.
Status Apply(const Arguments& arguments, wire::TopicConfig* config) {
  COMET_ASSIGN(const auto reads,
               arguments.NumberOr("readQueueNums", config->read_queues, 1, kQueuesMax));
  COMET_ASSIGN(const auto writes,
               arguments.NumberOr("writeQueueNums", config->write_queues, 1, kQueuesMax));
  COMET_ASSIGN(const auto perm, arguments.NumberOr("perm", config->perm, 0, wire::perm::kAll));
  COMET_ASSIGN(config->sys_flag,
               FlagsWith(arguments, "unit", config->sys_flag, wire::topic_flag::kUnit));
  COMET_ASSIGN(config->sys_flag,
               FlagsWith(arguments, "hasUnitSub", config->sys_flag, wire::topic_flag::kUnitSub));
  COMET_ASSIGN(config->order, arguments.BoolOr("order", config->order));
  config->read_queues = static_cast<std::int32_t>(reads);
  config->write_queues = static_cast<std::int32_t>(writes);
  config->perm = static_cast<std::int32_t>(perm);
  return {};
}

// One broker's share of the work.
struct Change {
  Target target;
  std::optional<wire::TopicConfig> before;
  wire::TopicConfig request;  // its attributes are changes: +key, -key
};

StatusOr<Change> PlanFor(Context& context, const Target& target, const Arguments& arguments) {
  const std::string topic = arguments.Text("topic");
  Change change{target, {}, NewTopic(topic)};
  COMET_ASSIGN(change.before, client::GetTopicConfig(context.admin, target.address, topic));
  if (change.before && !arguments.Has("replace")) change.request = *change.before;
  change.request.attributes.clear();
  COMET_TRY(Apply(arguments, &change.request));
  COMET_TRY(ParseAttributes(arguments.Text("attributes"), &change.request.attributes));
  return change;
}

Step StepOf(Context& context, const Change& change, const std::string& done) {
  wire::TopicConfig after = change.request;
  after.attributes.clear();
  if (change.before) after.attributes = change.before->attributes;
  ApplyAttributes(change.request.attributes, &after.attributes);
  Step step{wire::UpdateTopic::kName, change.target.address, Concat("topic ", change.request.name)};
  step.differences = DifferencesOf(change.before ? JsonOf(*change.before) : Json(), JsonOf(after));
  step.send = [&context, change, done]() -> StatusOr<std::string> {
    COMET_TRY(client::UpdateTopic(context.admin, change.target.address, change.request));
    return done;
  };
  return step;
}

// At every name server: which broker has how many queues of an ordered topic.
StatusOr<Step> OrderStep(Context& context, const std::vector<Change>& changes, bool whole,
                         const std::string& done) {
  const std::string topic = changes.front().request.name;
  std::map<std::string, std::int32_t> shares;
  for (const Change& change : changes) {
    std::string broker = change.target.broker;
    if (broker.empty()) {
      COMET_ASSIGN(broker, client::GetBrokerName(context.admin, change.target.address));
    }
    shares[broker] = change.request.write_queues;
  }
  COMET_ASSIGN(const std::string before, client::GetOrderConf(context.admin, topic));
  const std::string after = client::OrderConfWith(whole ? "" : before, shares);
  Step step{wire::PutKvConfig::kName, Joined(context.admin.namesrv(), ";"),
            Concat(wire::kOrderTopicNamespace, " ", topic)};
  step.differences =
      DifferencesOf(before.empty() ? Json() : Record({{topic, before}}), Record({{topic, after}}));
  step.after_success = true;
  step.send = [&context, topic, after, whole, done]() -> StatusOr<std::string> {
    COMET_TRY(client::SetOrderConf(context.admin, topic, after));
    return Concat("set ", whole ? "cluster" : "broker", " orderConf. isOrder=true, orderConf=[",
                  after, "]\n", done);
  };
  return step;
}

Status RunUpdateTopic(Context& context, const Arguments& arguments) {
  COMET_ASSIGN(const std::vector<Target> targets, MastersOf(context, arguments));
  std::vector<Change> changes;
  bool ordered = false;
  for (const Target& target : targets) {
    COMET_ASSIGN(Change change, PlanFor(context, target, arguments));
    ordered = ordered || change.request.order;
    changes.push_back(std::move(change));
  }
  // Told one broker, Apache's mqadmin speaks of the order first.
  const bool whole = arguments.Has("clusterName");
  const bool order_first = ordered && !whole;
  std::vector<Step> steps;
  std::string done;
  for (const Change& change : changes) {
    done = Concat("create topic to ", change.target.address, " success.\n");
    steps.push_back(StepOf(context, change, order_first ? "" : done));
  }
  if (ordered) {
    COMET_ASSIGN(Step step, OrderStep(context, changes, whole, order_first ? done : ""));
    steps.push_back(std::move(step));
  }
  COMET_TRY(CarryOut(context, steps));
  if (context.consent.dry_run) return {};
  std::string last;
  for (const Change& change : changes) {
    const std::string line = TextOf(change.request);
    context.out.Append("topicConfigs", JsonOf(change.request), line == last ? "" : line + "\n");
    last = line;
  }
  return {};
}

}  // namespace

constinit const Command kUpdateTopic{
    .name = "updateTopic",
    .summary = "Makes a topic or changes its settings.",
    .example = "mqadmin updateTopic -n 192.168.0.1:9876 -c DefaultCluster -t orders -r 16 -w 16",
    .options = kUpdateTopicOptions,
    .effect = Effect::kWrites,
    .run = &RunUpdateTopic};

}  // namespace comet::cli
