#include <array>
#include <map>
#include <string>
#include <vector>

#include "console/cli/commands/all.h"
#include "console/cli/table.h"
#include "remoting/base/text.h"
#include "sdk/src/admin_message.h"
#include "sdk/src/admin_topic.h"
#include "sdk/src/admin_trace.h"

namespace comet::cli {
namespace {

constexpr std::array kQueryMsgTraceByIdOptions{
    Option{'i', "msgId", Takes::kValue, Must::kRequired, "Id that the producer was given"},
    Option{'t', "traceTopic", Takes::kValue, Must::kOptional,
           "Topic with the traces; RMQ_SYS_TRACE_TOPIC unless given"},
    Option{'b', "beginTimestamp", Takes::kValue, Must::kOptional,
           "Not traced before, in ms since 1970"},
    Option{'e', "endTimestamp", Takes::kValue, Must::kOptional,
           "Not traced after, in ms since 1970"},
    Option{'c', "maxNum", Takes::kValue, Must::kOptional,
           "At most so many traces from each broker; 64 unless given"}};

constexpr std::string_view kQueryMsgTraceByIdLine = "%-10s %-20s %-20s %-20s %-10s %-10s\n";
constexpr std::array kSentColumns{Column{"#Type", "type"},
                                  Column{"#ProducerGroup", "group"},
                                  Column{"#ClientHost", "clientHost"},
                                  Column{"#SendTime", "time"},
                                  Column{"#CostTimes", "costMs"},
                                  Column{"#Status", "status"}};
constexpr TableForm kSent{"", kQueryMsgTraceByIdLine, kQueryMsgTraceByIdLine, kSentColumns};
constexpr std::array kConsumedColumns{Column{"#Type", "type"},
                                      Column{"#ConsumerGroup", "group"},
                                      Column{"#ClientHost", "clientHost"},
                                      Column{"#ConsumerTime", "time"},
                                      Column{"#CostTimes", "costMs"},
                                      Column{"#Status", "status"}};
constexpr TableForm kConsumed{"", kQueryMsgTraceByIdLine, kQueryMsgTraceByIdLine, kConsumedColumns};

struct Traced {
  client::TraceEntry entry;
  std::string host;  // of the client
};

std::string HostOf(const std::string& address) {
  return address.substr(0, address.rfind(':'));
}

void PrintQueryMsgTraceById(Context& context, const TableForm& table, const Traced& traced) {
  const bool sent = traced.entry.kind == client::TraceEntry::Kind::kSent;
  context.out.Add(table, {sent ? "Pub" : "Sub", traced.entry.group, traced.host,
                          Cell(HumanTime(traced.entry.time_ms), Json(traced.entry.time_ms)),
                          Cell(Concat(traced.entry.cost_ms, "ms"), Json(traced.entry.cost_ms)),
                          traced.entry.success ? "success" : "failed"});
}

void PrintAll(Context& context, const std::vector<Traced>& all) {
  std::map<std::string, std::vector<Traced>> consumed;  // by group
  for (const Traced& traced : all) {
    if (traced.entry.kind == client::TraceEntry::Kind::kConsumed) {
      consumed[traced.entry.group].push_back(traced);
      continue;
    }
    context.out.Begin(kSent);
    PrintQueryMsgTraceById(context, kSent, traced);
    context.out.Say("\n");
  }
  for (const auto& [group, entries] : consumed) {
    context.out.Begin(kConsumed);
    for (const Traced& traced : entries) PrintQueryMsgTraceById(context, kConsumed, traced);
    context.out.Say("\n");
  }
}

Status RunQueryMsgTraceById(Context& context, const Arguments& arguments) {
  client::KeyQuery query;
  query.topic = arguments.TextOr("traceTopic", "RMQ_SYS_TRACE_TOPIC");
  query.key = arguments.Text("msgId");
  COMET_ASSIGN(query.begin_ms, arguments.NumberOr("beginTimestamp", 0, 0, Arguments::kLongMax));
  COMET_ASSIGN(query.end_ms,
               arguments.NumberOr("endTimestamp", Arguments::kLongMax, 0, Arguments::kLongMax));
  COMET_ASSIGN(const std::int64_t max, arguments.NumberOr("maxNum", 64, 1, 10'000));
  query.max = static_cast<std::int32_t>(max);
  COMET_ASSIGN(const wire::TopicRouteData route, client::GetRoute(context.admin, query.topic));
  COMET_ASSIGN(const auto messages, client::GetMessagesByKey(context.admin, route, query));
  std::vector<Traced> all;
  for (const client::StoredMessage& message : messages) {
    for (auto& entry : client::ReadTrace(message.view.body(), query.key)) {
      all.push_back({std::move(entry), HostOf(message.view.born_host())});
    }
  }
  if (all.empty()) {
    return Status(Status::Code::kNotFound,
                  Concat("no trace of message ", query.key, " in topic ", query.topic,
                         ": it may have been sent without tracing"));
  }
  PrintAll(context, all);
  return {};
}

}  // namespace

constinit const Command kQueryMsgTraceById{
    .name = "queryMsgTraceById",
    .summary = "Shows who sent a message and who consumed it, when clients trace.",
    .example =
        "mqadmin queryMsgTraceById -n 192.168.0.1:9876 -i "
        "0A00000137A4018B4AAC04D2A1B20001",
    .options = kQueryMsgTraceByIdOptions,
    .effect = Effect::kReads,
    .run = &RunQueryMsgTraceById};

}  // namespace comet::cli
