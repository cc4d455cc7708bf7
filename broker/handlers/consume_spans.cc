#include "broker/handlers/consume_spans.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "broker/status_to_code.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/consumer_status.h"

namespace comet::broker {
namespace {

std::string LocalTime(std::int64_t ms) {
  const auto rest = (ms % 1000 + 1000) % 1000;
  const std::time_t seconds = (ms - rest) / 1000;
  std::tm local{};
  std::array<char, 64> text{};
  if (localtime_r(&seconds, &local) == nullptr) return Concat(ms);
  const auto bytes = std::strftime(text.data(), text.size(), "%Y-%m-%d#%H:%M:%S", &local);
  std::snprintf(text.data() + bytes, text.size() - bytes, ":%03d", static_cast<int>(rest));
  return text.data();
}

wire::ConsumeTimeSpans::Queue SpanOf(const Context& context, wire::MessageQueue queue,
                                     std::string_view group) {
  wire::ConsumeTimeSpans::Queue span;
  span.consumed_ms = span.max_ms = span.min_ms = -1;
  if (const auto* slot = context.store.queues().Find(queue.topic, queue.queue_id)) {
    const auto& reader = context.reader;
    const auto begin = slot->queue().begin(), end = slot->queue().end();
    const auto done = context.offsets.Query(group, queue.topic, queue.queue_id);
    const auto next = std::max(done, begin);
    span.min_ms = reader.EarliestTime(slot);
    span.max_ms = end > begin ? reader.StoreTimeAt(*slot, end - 1) : -1;
    span.consumed_ms = done > begin ? reader.StoreTimeAt(*slot, done - 1) : span.min_ms;
    const auto next_ms = next < end ? reader.StoreTimeAt(*slot, next) : -1;
    if (next_ms >= 0) span.delay_ms = context.clock.WallNow() - next_ms;
  }
  span.consumed = LocalTime(span.consumed_ms);
  span.max = LocalTime(span.max_ms);
  span.min = LocalTime(span.min_ms);
  span.queue = std::move(queue);
  return span;
}

bool Lists(std::string_view groups, std::string_view group) {
  while (!groups.empty()) {
    const auto one = groups.substr(0, groups.find(','));
    groups.remove_prefix(std::min(groups.size(), one.size() + 1));
    if (one == group) return true;
  }
  return false;
}

}  // namespace

void QueryConsumeTimeSpanHandler::Handle(const Request::Header& header,
                                         const net::RequestContext& /*request*/,
                                         net::Responder&& reply) {
  const auto topic = context_.topics.Find(header.topic);
  if (topic == nullptr) {
    return std::move(reply).Fail(ResponseCode::kTopicNotExist,
                                 Concat("topic[", header.topic, "] not exist"));
  }
  const std::string broker = context_.config.Get()->name;
  wire::ConsumeTimeSpans answer;
  for (std::int32_t id = 0; id < topic->config().write_queues; ++id) {
    answer.queues.push_back(SpanOf(context_, {topic->name(), broker, id}, header.group));
  }
  std::move(reply).Plain({}, ToJson(answer));
}

void QueryCorrectionOffsetHandler::Handle(const Request::Header& header,
                                          const net::RequestContext& /*request*/,
                                          net::Responder&& reply) {
  std::map<std::int32_t, std::int64_t> least;
  for (const auto& group : context_.offsets.GroupsOf(header.topic)) {
    if (Lists(header.left_out, group)) continue;
    for (const auto& one : context_.offsets.Queues(group, header.topic)) {
      const auto* queue = context_.store.queues().Find(header.topic, one.queue_id);
      if (queue != nullptr && one.offset < queue->queue().begin()) continue;
      const auto [at, is_new] = least.emplace(one.queue_id, one.offset);
      if (!is_new) at->second = std::min(at->second, one.offset);
    }
  }
  wire::CorrectionOffsets answer;
  for (const auto& one : context_.offsets.Queues(header.compared, header.topic)) {
    const auto found = least.find(one.queue_id);
    const bool behind = found != least.end() && found->second <= one.offset;
    answer.offsets[one.queue_id] =
        behind ? found->second : std::numeric_limits<std::int64_t>::max();
  }
  std::move(reply).Plain({}, ToJson(answer));
}

}  // namespace comet::broker
