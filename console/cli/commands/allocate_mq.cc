#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/json_writer.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/message_queue.h"
#include "remoting/wire/flags.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kAllocateMqOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic whose queues are shared out"},
    Option{'i', "ipList", Takes::kValue, Must::kRequired,
           "Clients to pretend: 10.0.0.9,10.0.0.10"}};

std::vector<wire::MessageQueue> QueuesOf(const wire::TopicRouteData& route,
                                         const std::string& topic) {
  std::vector<wire::MessageQueue> queues;
  for (const wire::QueueData& part : route.queues) {
    if (!wire::perm::IsReadable(part.perm)) continue;
    for (std::int32_t id = 0; id < part.read_queues; ++id) {
      queues.push_back({topic, part.broker_name, id});
    }
  }
  std::sort(queues.begin(), queues.end());
  return queues;
}

// Runs of equal length in the order of clients; the first get one more when it does not come out
// even.
Json ShareOf(const std::vector<wire::MessageQueue>& queues, std::size_t clients,
             std::size_t client) {
  const std::size_t least = queues.size() / clients;
  const std::size_t longer = queues.size() % clients;
  const std::size_t begin = client * least + std::min(client, longer);
  const std::size_t end = begin + least + (client < longer ? 1 : 0);
  Json::Array share;
  for (std::size_t i = begin; i < end; ++i) share.push_back(JsonOf(queues[i]));
  return Json(std::move(share));
}

Status RunAllocateMq(Context& context, const Arguments& arguments) {
  const std::string topic = arguments.Text("topic");
  const std::vector<std::string> clients = SplitList(arguments.Text("ipList"), ',');
  if (clients.empty()) return Status(Status::Code::kInvalid, "--ipList names no client");
  COMET_ASSIGN(const wire::TopicRouteData route, client::GetRoute(context.admin, topic));
  const std::vector<wire::MessageQueue> queues = QueuesOf(route, topic);
  Json::Object result;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    result.push_back({Json(clients[i]), ShareOf(queues, clients.size(), i)});
  }
  Json document(Json::Object{{Json(std::string("result")), Json(std::move(result))}});
  std::string text;
  AppendJson(&text, document, JsonStyle::kFastjson);
  context.out.SetAll(std::move(document), text + "\n");
  return {};
}

}  // namespace

constinit const Command kAllocateMq{
    .name = "allocateMQ",
    .summary = "Shows how the queues of a topic would be shared out among clients.",
    .example = "mqadmin allocateMQ -n 192.168.0.1:9876 -t orders -i 10.0.0.9,10.0.0.10",
    .options = kAllocateMqOptions,
    .effect = Effect::kReads,
    .run = &RunAllocateMq};

}  // namespace comet::cli
