#include "broker/handlers/offset_tables.h"

#include <string>
#include <utility>
#include <vector>

#include "broker/delay/delay_progress.h"
#include "broker/handlers/checked.h"
#include "broker/status_to_code.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/offset_tables.h"

namespace comet::broker {
void GetAllConsumerOffsetsHandler::Handle(const Request::Header& /*header*/,
                                          const net::RequestContext& /*request*/,
                                          net::Responder&& reply) {
  auto version = context_.meta.Version(store::meta::Table::kConsumerOffsets);
  if (!version.ok()) return Fail(std::move(reply), RefusedBy(version.error()));
  wire::ConsumerOffsetTable table;
  table.data_version = *version;
  auto& groups = table.group_topics.emplace();
  for (const auto& one : context_.offsets.All()) {
    table.offsets[Concat(one.topic, "@", one.group)][one.queue_id] = one.offset;
    groups[one.group].insert(one.topic);
  }
  if (table.offsets.empty()) {
    return Fail(std::move(reply),
                {ResponseCode::kSystemError, "No consumer offset in this broker"});
  }
  std::move(reply).Plain({}, ToJson(table));
}

void GetAllDelayOffsetsHandler::Handle(const Request::Header& /*header*/,
                                       const net::RequestContext& /*request*/,
                                       net::Responder&& reply) {
  auto version = context_.meta.Version(store::meta::Table::kDelayOffsets);
  if (!version.ok()) return Fail(std::move(reply), RefusedBy(version.error()));
  const auto progress = DelayProgress(context_);
  if (!progress.ok()) return Fail(std::move(reply), RefusedBy(progress.error()));
  wire::DelayOffsetTable table;
  table.data_version = *version;
  for (int level = 1; level <= context_.delays.levels(); ++level) {
    const auto* queue = context_.store.queues().Find(store::kDelayTopic, level - 1);
    if (queue == nullptr || queue->queue().end() == 0) continue;
    const auto found = progress->find(level);
    table.offsets[level] = found == progress->end() ? 0 : found->second;
  }
  if (table.offsets.empty()) {
    return Fail(std::move(reply), {ResponseCode::kSystemError, "No delay offset in this broker"});
  }
  std::move(reply).Plain({}, ToJson(table));
}

void CloneOffsetHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                                net::Responder&& reply) {
  std::vector<std::string> topics;
  if (header.topic.empty()) {
    topics = context_.offsets.TopicsOf(header.from_group);
  } else {
    topics.emplace_back(header.topic);
  }
  if (context_.groups.Find(header.to_group) == nullptr) {
    return Fail(std::move(reply), {ResponseCode::kSubscriptionGroupNotExist,
                                   Concat("Group ", header.to_group, " does not exist")});
  }
  const bool only_wanted = !header.offline && context_.clients.HasConsumers(header.from_group);
  for (const auto& topic : topics) {
    if (context_.topics.Find(topic) == nullptr) continue;
    if (only_wanted && context_.clients.Find(header.from_group, topic).subscription == nullptr) {
      continue;
    }
    for (const auto& one : context_.offsets.Queues(header.from_group, topic)) {
      context_.offsets.Commit(header.to_group, topic, one.queue_id, one.offset);
    }
  }
  LOG_INFO << request.peer.text << " copied offsets of group " << header.from_group << " to group "
           << header.to_group;
  std::move(reply).Plain({});
}

}  // namespace comet::broker
