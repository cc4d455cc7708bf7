#include <array>
#include <string>

#include "console/cli/commands/all.h"
#include "console/cli/pretty_json.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_queue.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::string_view kRuler = "======================================\n";

constexpr std::array kQueryCqOptions{
    Option{'t', "topic", Takes::kValue, Must::kRequired, "Topic"},
    Option{'q', "queue", Takes::kValue, Must::kRequired, "Queue of the topic"},
    Option{'i', "index", Takes::kValue, Must::kRequired, "First entry"},
    Option{'c', "count", Takes::kValue, Must::kOptional, "How many; 10 unless given"},
    Option{'b', "broker", Takes::kValue, Must::kOptional,
           "Broker, HOST:PORT; otherwise the first of the topic"},
    Option{'g', "consumer", Takes::kValue, Must::kOptional,
           "Group: shows which entries its subscription wants"}};

StatusOr<std::string> BrokerOf(Context& context, const Arguments& arguments) {
  if (arguments.Has("broker")) return arguments.Text("broker");
  const std::string topic = arguments.Text("topic");
  COMET_ASSIGN(const wire::TopicRouteData route, client::GetRoute(context.admin, topic));
  for (const wire::BrokerData& broker : route.brokers) {
    std::string address = client::AddressOf(broker);
    if (!address.empty()) return address;
  }
  return Status(Status::Code::kNotFound, Concat("no broker of topic ", topic, " is there"));
}

void PrintEntry(Context& context, std::int64_t index, const wire::QueueEntryData& entry) {
  context.out.Append("queueData",
                     Record({{"index", index},
                             {"physicOffset", entry.log_offset},
                             {"physicSize", entry.size},
                             {"tagsCode", entry.tags_code},
                             {"eval", entry.matches}}),
                     Concat("idx: ", index, "\nConsumeQueueData{physicOffset=", entry.log_offset,
                            ", physicSize=", entry.size, ", tagsCode=", entry.tags_code,
                            ", extendDataJson='null', bitMap='null', eval=", entry.matches,
                            ", msg='null'}\n", kRuler));
}

Status RunQueryCq(Context& context, const Arguments& arguments) {
  client::EntryQuery query;
  query.topic = arguments.Text("topic");
  query.group = arguments.Text("consumer");
  COMET_ASSIGN(const auto queue, arguments.NumberOr("queue", 0, 0, Arguments::kIntMax));
  COMET_ASSIGN(const auto count, arguments.NumberOr("count", 10, 1, Arguments::kIntMax));
  COMET_ASSIGN(query.index, arguments.NumberOr("index", 0, 0, Arguments::kLongMax));
  query.queue_id = static_cast<std::int32_t>(queue);
  query.count = static_cast<std::int32_t>(count);
  COMET_ASSIGN(const std::string address, BrokerOf(context, arguments));
  COMET_ASSIGN(const wire::QueueEntries entries,
               client::GetQueueEntries(context.admin, address, query));
  if (entries.subscription) {
    const Json subscription = JsonOf(*entries.subscription);
    context.out.Set("subscriptionData", subscription,
                    Concat("Subscription data: \n", PrettyJson(subscription), "\n", kRuler));
  }
  if (entries.filter) {
    context.out.Set("filterData", Json(*entries.filter),
                    Concat("Filter data: \n", *entries.filter, "\n", kRuler));
  }
  context.out.Set("maxQueueIndex", Json(entries.max_index), "");
  context.out.Set(
      "minQueueIndex", Json(entries.min_index),
      Concat("Queue data: \nmax: ", entries.max_index, ", min: ", entries.min_index, "\n", kRuler));
  std::int64_t index = query.index;
  for (const wire::QueueEntryData& entry : entries.entries) PrintEntry(context, index++, entry);
  return {};
}

}  // namespace

constinit const Command kQueryCq{
    .name = "queryCq",
    .summary = "Shows entries of a consume queue as they are stored.",
    .example = "mqadmin queryCq -n 192.168.0.1:9876 -t orders -q 0 -i 18201",
    .options = kQueryCqOptions,
    .effect = Effect::kReads,
    .run = &RunQueryCq};

}  // namespace comet::cli
