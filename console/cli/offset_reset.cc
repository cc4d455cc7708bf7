#include "console/cli/offset_reset.h"

#include <array>
#include <map>
#include <utility>

#include "console/cli/table.h"
#include "console/cli/time_text.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/reset_offset.h"
#include "remoting/wire/requests/update_consumer_offset.h"
#include "sdk/src/admin_message.h"
#include "sdk/src/admin_topic.h"

namespace comet::cli {
namespace {

constexpr std::array kToldColumns{Column{"#brokerName", "brokerName"},
                                  Column{"#queueId", "queueId"}, Column{"#offset", "offset"}};
constexpr std::string_view kToldLine = "%-40s  %-40s  %-40s\n";
constexpr TableForm kTold{"offsets", kToldLine, kToldLine, kToldColumns};

constexpr std::string_view kRollbackLine = "%-20s  %-20s  %-20s  %-20s  %-20s  %-20s\n";
constexpr std::array kResetColumns{
    Column{"#brokerName", "brokerName"},           Column{"#queueId", "queueId"},
    Column{"#brokerOffset", "brokerOffset"},       Column{"#consumerOffset", "consumerOffset"},
    Column{"#timestampOffset", "timestampOffset"}, Column{"#resetOffset", "resetOffset"}};
constexpr TableForm kReset{"rollbacks", kRollbackLine, kRollbackLine, kResetColumns};
constexpr std::array kRollbackColumns{
    Column{"#brokerName", "brokerName"},           Column{"#queueId", "queueId"},
    Column{"#brokerOffset", "brokerOffset"},       Column{"#consumerOffset", "consumerOffset"},
    Column{"#timestampOffset", "timestampOffset"}, Column{"#rollbackOffset", "resetOffset"}};
constexpr TableForm kRollback{"rollbacks", kRollbackLine, kRollbackLine, kRollbackColumns};

// What a reset does to one queue. A group that has consumed nothing stands at the beginning.
StatusOr<Rollback> PlanQueue(Context& context, const std::string& address,
                             const wire::MessageQueue& queue, const wire::TopicOffset& bounds,
                             const client::ResetQuery& query) {
  Rollback plan;
  plan.queue = queue;
  plan.broker_offset = bounds.max;
  COMET_ASSIGN(const auto stored, client::GetOffset(context.admin, address, query.group, queue));
  plan.consumer_offset = stored.value_or(bounds.min);
  plan.timestamp_offset = bounds.max;
  if (query.time_ms >= 0) {
    COMET_ASSIGN(plan.timestamp_offset,
                 client::GetQueueAt(context.admin, address, queue, query.time_ms));
  }
  const bool forwards = plan.timestamp_offset > plan.consumer_offset;
  plan.reset_offset = query.force || !forwards ? plan.timestamp_offset : plan.consumer_offset;
  return plan;
}

StatusOr<std::vector<Rollback>> PlanBroker(Context& context, const std::string& address,
                                           const wire::TopicStatsTable& stats,
                                           const std::string& broker,
                                           const client::ResetQuery& query) {
  std::vector<Rollback> plans;
  for (const auto& [queue, bounds] : stats.offsets) {
    if (queue.broker_name != broker) continue;
    COMET_ASSIGN(auto plan, PlanQueue(context, address, queue, bounds, query));
    plans.push_back(std::move(plan));
  }
  return plans;
}

Status SetAll(Context& context, const std::string& address, const std::string& group,
              const std::vector<Rollback>& plans) {
  for (const Rollback& plan : plans) {
    COMET_TRY(client::SetOffset(context.admin, address, group, plan.queue, plan.reset_offset));
  }
  return {};
}

Step StepOf(Context& context, const std::string& address, const client::ResetQuery& query,
            const std::vector<Rollback>& plans, bool offline_only, ResetResult* result) {
  Step step{offline_only ? wire::UpdateConsumerOffset::kName : wire::ResetOffset::kName, address,
            Concat("offsets of group ", query.group, " in topic ", query.topic)};
  step.differences.emplace();
  for (const Rollback& plan : plans) {
    if (plan.consumer_offset == plan.reset_offset) continue;
    step.differences->push_back({Concat(plan.queue.broker_name, ":", plan.queue.queue_id),
                                 Json(plan.consumer_offset), Json(plan.reset_offset)});
  }
  step.send = [&context, address, query, plans, offline_only, result]() -> StatusOr<std::string> {
    if (!offline_only) {
      COMET_ASSIGN(auto told, client::ResetOffsets(context.admin, address, query));
      if (told) {
        result->told.merge(*told);
        return std::string();
      }
    }
    COMET_TRY(SetAll(context, address, query.group, plans));
    result->rollbacks.insert(result->rollbacks.end(), plans.begin(), plans.end());
    return std::string();
  };
  return step;
}

}  // namespace

StatusOr<std::vector<Step>> ResetSteps(Context& context, const ResetOrder& order, bool offline_only,
                                       ResetResult* result) {
  const client::ResetQuery& query = order.query;
  COMET_ASSIGN(
      const wire::TopicRouteData route,
      client::GetRoute(context.admin, order.cluster.empty() ? query.topic : order.cluster));
  COMET_ASSIGN(const wire::TopicStatsTable stats,
               client::GetTopicStats(context.admin, route, query.topic));
  std::vector<Step> steps;
  for (const wire::BrokerData& broker : route.brokers) {
    const std::string address = client::AddressOf(broker);
    if (address.empty()) continue;
    COMET_ASSIGN(const auto plans, PlanBroker(context, address, stats, broker.broker_name, query));
    steps.push_back(StepOf(context, address, query, plans, offline_only, result));
  }
  return steps;
}

void Print(Context& context, const ResetResult& result, bool rollback_head) {
  if (!result.told.empty() || result.rollbacks.empty()) {
    context.out.Begin(kTold);
    for (const auto& [queue, offset] : result.told) {
      context.out.Add(kTold, {Front(queue.broker_name, 32), queue.queue_id, offset});
    }
  }
  if (result.rollbacks.empty()) return;
  const TableForm& table = rollback_head ? kRollback : kReset;
  context.out.Begin(table);
  for (const Rollback& one : result.rollbacks) {
    context.out.Add(table, {Front(one.queue.broker_name, 32), one.queue.queue_id, one.broker_offset,
                            one.consumer_offset, one.timestamp_offset, one.reset_offset});
  }
}

StatusOr<std::int64_t> ParseResetTime(std::string_view text, std::int64_t now_ms) {
  if (text == "now") return now_ms;
  if (text == "-1") return -1;
  return ParseTimeOr(text, now_ms);
}

}  // namespace comet::cli
