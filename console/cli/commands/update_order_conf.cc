#include <array>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "console/cli/kv_steps.h"
#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kUpdateOrderConfOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Ordered topic"},
    Option{'v', "orderConf", Takes::kValue, Must::kOptional,
           "Queues of each broker, for put: broker-a:8;broker-b:8"},
    Option{'m', "method", Takes::kValue, Must::kRequired, "get, put or delete"}};

const std::string kNamespace(wire::kOrderTopicNamespace);

Status Get(Context& context, const std::string& topic) {
  COMET_ASSIGN(const std::string conf, client::GetOrderConf(context.admin, topic));
  if (conf.empty()) {
    return Status(Status::Code::kNotFound, Concat("topic ", topic, " has no order configuration"));
  }
  context.out.Set("topic", Json(topic), "");
  context.out.Set("orderConf", Json(conf),
                  Concat("get orderConf success. topic=[", topic, "], orderConf=[", conf, "] \n"));
  return {};
}

Status RunUpdateOrderConf(Context& context, const Arguments& arguments) {
  const std::string topic = arguments.Text("topic");
  const std::string method = arguments.Text("method");
  const std::string conf = arguments.Text("orderConf");
  if (method == "get") return Get(context, topic);
  if (method == "put") {
    if (conf.empty()) {
      return Status(Status::Code::kInvalid, "put needs --orderConf broker-a:8;broker-b:8");
    }
    return ChangeKv(
        context, {kNamespace, topic, conf},
        Concat("update orderConf success. topic=[", topic, "], orderConf=[", conf, "]\n"));
  }
  if (method == "delete") {
    return ChangeKv(context, {kNamespace, topic, {}},
                    Concat("delete orderConf success. topic=[", topic, "]\n"));
  }
  return Status(Status::Code::kInvalid,
                Concat("--method must be get, put or delete, not ", method));
}

}  // namespace

constinit const Command kUpdateOrderConf{
    .name = "updateOrderConf",
    .summary = "Shows, sets or deletes which brokers an ordered topic is on.",
    .example = "mqadmin updateOrderConf -n 192.168.0.1:9876 -t orders -m put -v broker-a:8",
    .options = kUpdateOrderConfOptions,
    .effect = Effect::kWrites,
    .run = &RunUpdateOrderConf};

}  // namespace comet::cli
