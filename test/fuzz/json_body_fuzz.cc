// Bodies in JSON from a hostile peer: nothing but an error or a value may come of them, and what
// was read can be written and read again. The first byte chooses the body.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "remoting/base/check.h"
#include "remoting/base/describe_json.h"
#include "remoting/wire/bodies/cluster_info.h"
#include "remoting/wire/bodies/connections.h"
#include "remoting/wire/bodies/consumer_status.h"
#include "remoting/wire/bodies/data_version.h"
#include "remoting/wire/bodies/ha_status.h"
#include "remoting/wire/bodies/heartbeat_data.h"
#include "remoting/wire/bodies/lock_batch.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/bodies/offset_tables.h"
#include "remoting/wire/bodies/queue_entries.h"
#include "remoting/wire/bodies/register_broker.h"
#include "remoting/wire/bodies/stats.h"
#include "remoting/wire/bodies/subscription_group.h"
#include "remoting/wire/bodies/topic_config.h"
#include "remoting/wire/bodies/topic_route.h"
#include "test/fuzz/fuzz_target.h"

namespace comet {
namespace {

// The second writing is the fixed point: the first may have mended text that was not UTF-8.
template <Described T>
void CheckBody(std::string_view text) {
  const auto first = FromJson<T>(text);
  if (!first.ok()) return;
  for (const auto style : {JsonStyle::kFastjson, JsonStyle::kStrict}) {
    const auto second = FromJson<T>(ToJson(*first, style));
    COMET_CHECK(second.ok());
    const auto written = ToJson(*second, style);
    const auto third = FromJson<T>(written);
    COMET_CHECK(third.ok());
    COMET_CHECK_EQ(ToJson(*third, style), written);
  }
}

void CheckDocument(std::string_view text) {
  const auto first = ParseJson(text);
  if (!first.ok()) return;
  std::string written;
  AppendJson(&written, *first, JsonStyle::kFastjson);
  const auto second = ParseJson(written);
  COMET_CHECK(second.ok());
  std::string again;
  AppendJson(&again, *second, JsonStyle::kFastjson);
  COMET_CHECK_EQ(again, written);
}

void CheckRegistration(std::string_view bytes) {
  const auto body = wire::DecodeRegisterBroker(bytes, true, 0);
  if (!body.ok()) return;
  const auto again = wire::DecodeRegisterBroker(wire::CompressRegisterBroker(*body, true), true, 0);
  COMET_CHECK(again.ok());
  COMET_CHECK_EQ(again->topics.topics.size(), body->topics.topics.size());
}

constexpr std::array kChecks = {
    &CheckDocument,
    &CheckRegistration,
    &CheckBody<wire::RegisterBrokerBody>,
    &CheckBody<wire::HeartbeatData>,
    &CheckBody<wire::SubscriptionGroupTable>,
    &CheckBody<wire::SubscriptionGroupConfig>,
    &CheckBody<wire::TopicConfigTable>,
    &CheckBody<wire::TopicConfigList>,
    &CheckBody<wire::TopicRouteData>,
    &CheckBody<wire::ClusterInfo>,
    &CheckBody<wire::LockBatchBody>,
    &CheckBody<wire::ConsumeStats>,
    &CheckBody<wire::TopicStatsTable>,
    &CheckBody<wire::ConsumerOffsetTable>,
    &CheckBody<wire::DelayOffsetTable>,
    &CheckBody<wire::ConsumerConnection>,
    &CheckBody<wire::ProducerTable>,
    &CheckBody<wire::KvTable>,
    &CheckBody<wire::CheckClientConfigBody>,
    &CheckBody<wire::SubscriptionGroupList>,
    &CheckBody<wire::ClientStatus>,
    &CheckBody<wire::DataVersion>,
    &CheckBody<wire::KvConfigFile>,
    &CheckBody<wire::GroupRetryPolicy>,
    &CheckBody<wire::ResetOffsetBody>,
    &CheckBody<wire::TopicList>,
    &CheckBody<wire::GroupList>,
    &CheckBody<wire::ConsumerList>,
    &CheckBody<wire::LockBatchReply>,
    &CheckBody<wire::ResetOffsetList>,
    &CheckBody<wire::TopicConfig>,
    &CheckBody<wire::ConsumerStatus>,
    &CheckBody<wire::ConsumeTimeSpans>,
    &CheckBody<wire::CorrectionOffsets>,
    &CheckBody<wire::HaStatus>,
    &CheckBody<wire::BrokerMemberGroup>,
    &CheckBody<wire::ProducerConnection>,
    &CheckBody<wire::ConsumerSubscription>,
    &CheckBody<wire::QueueEntries>,
    &CheckBody<wire::BrokerConsumeStats>,
    &CheckBody<wire::BrokerStatsData>,
};

}  // namespace
}  // namespace comet

COMET_FUZZ(std::string_view input) {
  if (input.empty()) return;
  const auto choice = static_cast<unsigned char>(input.front());
  comet::kChecks[choice % comet::kChecks.size()](input.substr(1));
}
