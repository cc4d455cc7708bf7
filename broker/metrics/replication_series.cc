#include "broker/metrics/replication_series.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "broker/ha/ha_client.h"
#include "broker/slave/master_log.h"
#include "remoting/base/text.h"

namespace comet::broker {
namespace {

PrometheusText::Labels Of(std::string replica) {
  return {{"replica", std::move(replica)}};
}

void AddLag(std::string replica, std::int64_t bytes, PrometheusText* text) {
  text->AddGauge("rocketmq_replica_lag_bytes",
                 "Bytes of the master's log that the replica does not have. A slave knows its "
                 "master's end by asking every few seconds.",
                 Of(std::move(replica)), static_cast<double>(std::max<std::int64_t>(bytes, 0)));
}

struct Copy {
  std::int64_t acked = -1;
  bool in_sync = false;
};

// As the store counts them: several connections may be of one copy.
std::map<std::string, Copy> CopiesOf(const store::ReplicaSet& replicas) {
  std::map<std::string, Copy> copies;
  for (const auto& one : replicas.All()) {
    const auto ip = one.address.substr(0, one.address.rfind(':'));
    auto& copy = copies[one.broker_id >= 0 ? Concat(one.broker_id) : ip];
    copy.acked = std::max(copy.acked, one.acked);
    copy.in_sync = copy.in_sync || one.in_sync;
  }
  return copies;
}

void AddOfMaster(store::Store& store, PrometheusText* text) {
  const auto copies = CopiesOf(store.replicas());
  const auto end = store.log().end();  // later than what they have: the lag is not too small
  for (const auto& [name, copy] : copies) {
    AddLag(name, end - copy.acked, text);
    text->AddGauge("rocketmq_replica_in_sync",
                   "1 when the replica lacks less than haMaxGapNotInSync, else 0.", Of(name),
                   copy.in_sync ? 1 : 0);
  }
  text->AddGauge("rocketmq_replicas_in_sync", "Replicas that are in sync, this broker not counted.",
                 {}, store.replicas().in_sync());
}

void AddOfSlave(const Context& context, PrometheusText* text) {
  const auto name = Concat(context.config.Get()->id);
  const bool copies = context.ha_client->view().copies;
  const auto lag = context.master_log->lag();
  // A log that is longer and no copy has no lag that means anything.
  if (lag && (copies || *lag >= 0)) AddLag(name, *lag, text);
  text->AddGauge("rocketmq_replica_link_up",
                 "1 when this slave is connected to its master and copies its log, else 0.",
                 Of(name), copies ? 1 : 0);
}

}  // namespace

void AddReplicationSeries(const Context& context, PrometheusText* text) {
  if (context.ha_client != nullptr) return AddOfSlave(context, text);
  AddOfMaster(context.store, text);
}

}  // namespace comet::broker
