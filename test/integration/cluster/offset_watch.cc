#include "offset_watch.h"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "cluster_reader.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/query_consumer_offset.h"

namespace comet {

OffsetWatch::OffsetWatch(ServerCluster& cluster, std::vector<Queue> queues)
    : cluster_(cluster), queues_(std::move(queues)), pool_(loops_, {}) {
  loops_.Start();
}

OffsetWatch::~OffsetWatch() {
  pool_.CloseAll();
  loops_.Stop();
}

std::int64_t OffsetWatch::Ask(const ServerCluster::Node& node, const Queue& queue) {
  wire::QueryConsumerOffset::Header header;
  header.consumer_group = ClusterReader::kGroup;
  header.topic = queue.topic;
  header.queue_id = queue.id;
  header.set_zero_if_not_found = false;
  const auto answer = pool_.Get(cluster_.AddressOf(node))
                          ->CallAndWait<wire::QueryConsumerOffset>(
                              header, {}, {.timeout = std::chrono::seconds(1)});
  return answer.ok() && (*answer)->ok() ? (*answer)->reply.offset : -1;
}

void OffsetWatch::Look() {
  for (const auto& node : cluster_.nodes()) {
    if (!node.process->running()) continue;
    for (const Queue& queue : queues_) {
      if (queue.broker != ServerCluster::NameOf(node.group)) continue;
      const std::int64_t offset = Ask(node, queue);
      if (offset < 0) break;
      std::int64_t& least = least_[{node.host, queue}];
      EXPECT_GE(offset, least) << cluster_.RoleOf(node) << ": a commit of " << queue.to_string()
                               << " is gone";
      least = std::max(least, offset);
    }
  }
}

std::string OffsetWatch::AllAre(const Queue& queue, std::int64_t offset) {
  for (const auto& node : cluster_.nodes()) {
    if (queue.broker != ServerCluster::NameOf(node.group)) continue;
    const std::int64_t told = Ask(node, queue);
    if (told != offset) {
      return Concat(cluster_.RoleOf(node), " has the group at ", told, " of ", offset, " in ",
                    queue.to_string());
    }
  }
  return {};
}

void OffsetWatch::Restarted(const ServerCluster::Node& node) {
  if (node.process->exit_code() == 0) return;  // it has written all before it ended
  const auto written = std::find_if(settled_.rbegin(), settled_.rend(), [&](const Known& known) {
    return node.process->ended_at() - known.at >= kWrittenWithin;
  });
  for (auto& [place, least] : least_) {
    if (place.first != node.host) continue;
    const bool known = written != settled_.rend() && written->offsets.contains(place);
    least = known ? written->offsets.at(place) : 0;
  }
}

void OffsetWatch::Wiped(const ServerCluster::Node& node) {
  const auto its = [&](const auto& entry) {
    return entry.first.first == node.host;
  };
  std::erase_if(least_, its);
  for (Known& known : settled_) std::erase_if(known.offsets, its);
}

void OffsetWatch::Settled() {
  Look();
  settled_.push_back({SystemClock().Now(), least_});
}

}  // namespace comet
