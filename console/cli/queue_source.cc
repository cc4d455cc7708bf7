#include "console/cli/queue_source.h"

#include <algorithm>

#include "console/cli/time_text.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/names.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {

StatusOr<std::vector<Source>> Sources(const wire::TopicRouteData& route, const std::string& topic,
                                      const std::string& broker,
                                      std::optional<std::int32_t> queue_id) {
  std::vector<Source> sources;
  for (const wire::QueueData& queues : route.queues) {
    const auto address = client::AddressOf(route, queues.broker_name);
    const bool chosen = broker.empty() || broker == queues.broker_name;
    if (!address.ok() || !chosen || !wire::perm::IsReadable(queues.perm)) continue;
    for (std::int32_t id = 0; id < queues.read_queues; ++id) {
      if (queue_id && *queue_id != id) continue;
      sources.push_back({{topic, queues.broker_name, id}, *address});
    }
  }
  if (!sources.empty()) return sources;
  return Status(Status::Code::kNotFound,
                Concat("topic ", topic, " has no such queue that can be read"));
}

StatusOr<Range> RangeOf(Context& context, const Source& source, const Arguments& arguments) {
  Range range;
  COMET_ASSIGN(range.begin, client::GetQueueMin(context.admin, source.address, source.queue));
  COMET_ASSIGN(range.end, client::GetQueueMax(context.admin, source.address, source.queue));
  COMET_ASSIGN(const auto begin_ms, ParseTimeOr(arguments.Text("beginTimestamp"), -1));
  COMET_ASSIGN(const auto end_ms, ParseTimeOr(arguments.Text("endTimestamp"), -1));
  if (begin_ms >= 0) {
    COMET_ASSIGN(range.begin,
                 client::GetQueueAt(context.admin, source.address, source.queue, begin_ms));
  }
  if (end_ms >= 0) {
    COMET_ASSIGN(range.end,
                 client::GetQueueAt(context.admin, source.address, source.queue, end_ms));
  }
  return range;
}

Status PullRange(Context& context, const Source& source, const Range& range,
                 const std::string& tags,
                 const std::function<void(const client::PulledMessages&)>& each) {
  constexpr std::int32_t kBatch = 32;
  for (std::int64_t offset = range.begin; offset < range.end;) {
    COMET_ASSIGN(const client::PulledMessages pulled,
                 client::PullFrom(context.admin, source.address, source.queue, offset, kBatch,
                                  std::string(wire::kToolsGroup), tags));
    each(pulled);
    if (pulled.state != client::PullState::kFound &&
        pulled.state != client::PullState::kNoMatchedMessage) {
      return {};
    }
    if (pulled.next_offset <= offset) return {};  // nobody gets anywhere like this
    offset = pulled.next_offset;
  }
  return {};
}

}  // namespace comet::cli
