#include "broker/read_advice.h"

#include "broker/context.h"
#include "broker/slave/metadata_sync.h"

namespace comet::broker {
namespace {

constexpr std::int64_t kMasterId = 0;

}  // namespace

bool ReadAdvice::MasterAlive() const {
  return context_.metadata_sync != nullptr && context_.metadata_sync->master_alive();
}

ReadAdvice::Turn ReadAdvice::TurnOf(const BrokerConfig& config, store::ReadStatus status,
                                    std::int64_t asked) const {
  using store::ReadStatus;
  if (!config.is_slave() || status == ReadStatus::kFound) return Turn::kServe;
  const bool empty =
      status == ReadStatus::kNoMatchedLogicQueue || status == ReadStatus::kNoMessageInQueue;
  const bool beyond = status == ReadStatus::kOffsetOverflowBadly || (empty && asked != 0);
  if (!MasterAlive()) return beyond ? Turn::kWait : Turn::kServe;
  const bool elsewhere = beyond || status == ReadStatus::kOffsetTooSmall ||
                         status == ReadStatus::kOffsetFoundNull;  // which is not read here
  return elsewhere || !config.slave_read ? Turn::kToMaster : Turn::kServe;
}

std::int64_t ReadAdvice::Suggest(const BrokerConfig& config, const PullFacts& pull,
                                 const store::ReadResult& result) const {
  const auto wanted = result.suggest_slave ? pull.slow_broker_id : pull.broker_id;
  if (config.is_slave()) {
    if (!MasterAlive()) return config.id;
    return config.slave_read && (result.suggest_slave || wanted == config.id) ? wanted : kMasterId;
  }
  if (!config.slave_read || wanted == kMasterId) return kMasterId;
  const auto needed = context_.reader.NextLogOffset(pull.queue, result.next_offset);
  return context_.store.replicas().Covers(wanted, needed) ? wanted : kMasterId;
}

}  // namespace comet::broker
