#include "broker/handlers/store_admin.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "broker/status_to_code.h"
#include "broker/system_topics.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/queue_entries.h"
#include "store/dispatcher.h"
#include "store/retention.h"

namespace comet::broker {
namespace {

constexpr std::int32_t kEntriesMax = 1024;

}  // namespace

void QueryConsumeQueueHandler::Handle(const Request::Header& header,
                                      const net::RequestContext& /*request*/,
                                      net::Responder&& reply) {
  const auto place = Concat(header.queue_id, "@", header.topic);
  const auto* queue = context_.store.queues().Find(header.topic, header.queue_id);
  if (queue == nullptr) {
    return std::move(reply).Fail(ResponseCode::kSystemError, Concat(place, " is not exist!"));
  }
  wire::QueueEntries answer;
  answer.min_index = queue->queue().begin();
  answer.max_index = queue->queue().end();
  if (header.index < answer.min_index || header.index >= answer.max_index) {
    const auto remark = Concat("Index ", header.index, " of ", place, " is not exist!");
    return std::move(reply).Plain({ResponseCode::kSuccess, remark});
  }
  const auto found = context_.clients.Find(header.consumer_group, header.topic);
  if (found.subscription != nullptr) answer.subscription = found.subscription->data;
  const auto wanted = std::clamp(header.count, 1, kEntriesMax);
  std::vector<store::QueueEntry> entries(static_cast<std::size_t>(wanted));
  const auto got = queue->queue().Get(header.index, entries);
  if (!got.ok()) {
    return std::move(reply).Fail(ResponseCode::kSystemError, got.error().message());
  }
  entries.resize(*got);
  for (const auto& entry : entries) {
    const bool matches =
        found.subscription != nullptr && found.subscription->filter.MatchesEntry(entry);
    answer.entries.push_back({entry.log_offset, entry.size, entry.tags_code, matches});
  }
  std::move(reply).Plain({}, ToJson(answer));
}

void CleanUnusedTopicsHandler::Handle(const Request::Header& /*header*/,
                                      const net::RequestContext& request, net::Responder&& reply) {
  const auto config = context_.config.Get();
  std::set<std::string> unused;
  context_.store.queues().ForEach([&](store::QueueSlot& queue) {
    const auto topic = queue.topic();
    if (queue.queue().end() == 0 || unused.contains(std::string(topic))) return;
    if (context_.topics.Find(topic) != nullptr || IsSystemTopic(*config, topic)) return;
    unused.emplace(topic);
  });
  LOG_INFO << request.peer.text << " deletes the queues of " << unused.size() << " unused topics";
  std::vector<std::string> topics(unused.begin(), unused.end());
  const auto made_anew = [&all = context_.topics](const std::string& topic) {
    return all.Find(topic) != nullptr;
  };
  context_.store.DeleteTopics(
      std::move(topics), made_anew, [reply = std::move(reply)](Status deleted) mutable {
        if (deleted.ok()) return std::move(reply).Plain({});
        LOG_ERROR << "queues of unused topics: " << deleted.ToString();
        std::move(reply).Fail(ResponseCode::kSystemError, deleted.message());
      });
}

void DeleteExpiredLogHandler::Handle(const Request::Header& /*header*/,
                                     const net::RequestContext& request, net::Responder&& reply) {
  context_.store.retention().DeleteSoon();
  LOG_INFO << request.peer.text << " has expired files of the log deleted";
  std::move(reply).Plain({});
}

}  // namespace comet::broker
