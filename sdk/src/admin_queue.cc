#include "sdk/src/admin_queue.h"

#include <utility>

#include "remoting/wire/requests/query_consume_queue.h"
#include "remoting/wire/requests/query_consume_time_span.h"
#include "sdk/src/admin_cluster.h"
#include "sdk/src/admin_topic.h"

namespace comet::client {

StatusOr<wire::QueueEntries> GetQueueEntries(AdminCalls& calls, const std::string& address,
                                             const EntryQuery& query) {
  wire::QueryConsumeQueue::Header header;
  header.topic = query.topic;
  header.queue_id = query.queue_id;
  header.index = query.index;
  header.count = query.count;
  header.consumer_group = query.group;
  COMET_ASSIGN(const auto answer, calls.Call<wire::QueryConsumeQueue>(address, header));
  return ReadBody<wire::QueueEntries>(answer->body, address);
}

StatusOr<wire::ConsumeTimeSpans> GetTimeSpans(AdminCalls& calls, const wire::TopicRouteData& route,
                                              const std::string& topic, const std::string& group) {
  wire::ConsumeTimeSpans all;
  for (const wire::BrokerData& broker : route.brokers) {
    const std::string address = AddressOf(broker);
    if (address.empty()) continue;
    COMET_ASSIGN(const auto answer,
                 calls.Call<wire::QueryConsumeTimeSpan>(address, {.topic = topic, .group = group}));
    COMET_ASSIGN(auto part, ReadBody<wire::ConsumeTimeSpans>(answer->body, address));
    for (auto& queue : part.queues) all.queues.push_back(std::move(queue));
  }
  return all;
}

}  // namespace comet::client
