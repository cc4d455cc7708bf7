#include "broker/slave/sync_progress.h"

#include <utility>

#include "broker/slave/fetch_table.h"
#include "broker/slave/master_log.h"
#include "remoting/base/limits.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/get_all_consumer_offsets.h"
#include "remoting/wire/requests/get_all_delay_offsets.h"

namespace comet::broker {
namespace {

constexpr std::size_t kDelayLevelsMax = 1000;
// An answer has room for no more offsets. They are kept by queue id, so each id below the largest
// of a group takes its place, about 50 bytes.
constexpr std::int64_t kPlacesMax = limits::kJsonNodesMax;

// Brokers refuse to answer with an empty table: "No consumer offset in this broker".
template <class Answer>
bool HasNone(const Answer& answer) {
  return !answer.ok() && answer.remark.starts_with("No ") &&
         answer.remark.ends_with(" in this broker");
}

// The body of the answer; nothing when there is none.
template <class R, class Table>
StatusOr<std::optional<Table>> Ask(net::Client& master) {
  COMET_ASSIGN(const auto answer, master.CallAndWait<R>({}, {}, {.timeout = kProgressTimeout}));
  if (HasNone(*answer)) return std::optional<Table>();
  COMET_TRY(CheckAnswer(*answer));
  COMET_ASSIGN(auto table, FromJson<Table>(answer->body));
  return std::optional<Table>(std::move(table));
}

StatusOr<std::optional<wire::DelayOffsetTable>> FetchDelays(net::Client& master) {
  COMET_ASSIGN(auto table, (Ask<wire::GetAllDelayOffsets, wire::DelayOffsetTable>(master)));
  if (table) COMET_TRY(CheckDelays(*table));
  return table;
}

}  // namespace

StatusOr<std::vector<OffsetChange>> OffsetsOf(const wire::ConsumerOffsetTable& table) {
  std::vector<OffsetChange> offsets;
  std::int64_t places = 0;
  for (const auto& [key, queues] : table.offsets) {
    const auto at = key.find('@');
    if (at == std::string::npos) return BadTable(Concat("'", key, "' is not topic@group"));
    const auto topic = key.substr(0, at);
    const auto group = key.substr(at + 1);
    COMET_TRY(CheckEntryName("topic", topic));
    COMET_TRY(CheckEntryName("group", group));
    for (const auto& [queue_id, offset] : queues) {
      if (queue_id < 0 || queue_id > OffsetTable::kQueueIdMax) {
        return BadTable(Concat("'", key, "' has an offset of queue ", queue_id));
      }
      if (offset >= 0) offsets.push_back({group, topic, queue_id, offset});
    }
    if (!queues.empty()) places += queues.rbegin()->first + 1;
    if (places > kPlacesMax) {
      return BadTable(
          Concat("offsets of so large queue ids that they would take ", places, " places"));
    }
  }
  return offsets;
}

Status CheckDelays(const wire::DelayOffsetTable& table) {
  if (table.data_version) COMET_TRY(CheckVersion(*table.data_version));
  if (table.offsets.size() > kDelayLevelsMax) return BadTable("more than 1000 delay levels");
  for (const auto& [level, offset] : table.offsets) {
    if (level < 1 || offset < 0) {
      return BadTable(Concat("delay level ", level, " has offset ", offset));
    }
  }
  return {};
}

Status OffsetSync::Run(net::Client& master) {
  COMET_ASSIGN(const auto table,
               (Ask<wire::GetAllConsumerOffsets, wire::ConsumerOffsetTable>(master)));
  std::vector<OffsetChange> offsets;  // none: the last group with offsets may be gone
  if (table) {
    COMET_ASSIGN(offsets, OffsetsOf(*table));
  }
  COMET_TRY(follower_.Follow(offsets));
  return ForgetGone(offsets);
}

void OffsetSync::OnGroupsGone(const std::vector<std::string>& groups) {
  gone_.insert(groups.begin(), groups.end());
}

Status OffsetSync::ForgetGone(const std::vector<OffsetChange>& told) {
  if (gone_.empty()) return {};
  for (const auto& one : told) gone_.erase(one.group);
  while (!gone_.empty()) {
    COMET_TRY(context_.offset_keeper.ForgetGroup(*gone_.begin()));
    gone_.erase(gone_.begin());
  }
  return {};
}

Status DelaySync::Run(net::Client& master) {
  if (!held_) {
    COMET_ASSIGN(auto table, FetchDelays(master));
    if (!table) return {};
    COMET_ASSIGN(const bool known, IsKnown(*table));
    if (known) return {};
    COMET_ASSIGN(const auto log_end, context_.master_log->Ask(master));
    held_ = Held{std::move(*table), log_end};
  }
  if (context_.store.log().flushed() < held_->log_end) return {};
  COMET_TRY(Apply(held_->table));
  held_.reset();
  return {};
}

StatusOr<bool> DelaySync::IsKnown(const wire::DelayOffsetTable& table) const {
  COMET_ASSIGN(const auto known, context_.meta.DelayLevelOffsets());
  COMET_ASSIGN(const auto version, context_.meta.Version(store::meta::Table::kDelayOffsets));
  return table.offsets == known && table.data_version.value_or(version) == version;
}

Status DelaySync::Apply(const wire::DelayOffsetTable& table) {
  auto& meta = context_.meta;
  COMET_ASSIGN(auto version, meta.Version(store::meta::Table::kDelayOffsets));
  version.timestamp_ms = context_.clock.WallNow();
  ++version.counter;
  return meta.PutDelayLevelOffsets(table.offsets, table.data_version.value_or(version));
}

}  // namespace comet::broker
