#include "store/stager.h"

#include <algorithm>
#include <utility>

#include "remoting/base/check.h"
#include "remoting/base/text.h"
#include "store/dispatch_facts.h"
#include "store/record_tail.h"

namespace comet::store {
Stager::Stager(Appender& appender, const DelayTable& delays, const StoreConfig& config)
    : appender_(appender), delays_(delays), config_(config) {}

Status Stager::Admit(std::uint64_t bytes) const {
  const auto file = static_cast<std::uint64_t>(config_.segment_bytes);
  if (bytes + wire::kBlankBytes > file) {
    return {Status::Code::kInvalid,
            Concat("a record of ", bytes, " bytes does not fit a log file of ", file)};
  }
  const Refusal refusal = appender_.refusal();
  if (refusal == Refusal::kNone) return {};
  const bool passes = refusal == Refusal::kBusy;
  return {passes ? Status::Code::kFull : Status::Code::kUnavailable,
          std::string(RefusalText(refusal))};
}

void Stager::MakeRoom(std::uint32_t bytes) {
  if (batch_.slab != nullptr && batch_.slab->room() >= bytes) return;
  Submit();
  batch_.slab = pool_.Take(bytes);  // also for one that a refused message has left empty
  batch_.units.reserve(last_units_);
  batch_.records.reserve(last_records_);
}

// Appends a record to the slab, which has room for it.
Status Stager::Encode(const wire::RecordSource& source, QueueSlot& queue) {
  Slab& slab = *batch_.slab;
  COMET_TRY(CheckProperties(source.properties));
  COMET_ASSIGN(const std::size_t bytes,
               wire::EncodeRecord(source, std::span(slab.tail(), slab.room())));
  slab.Grow(static_cast<std::uint32_t>(bytes));
  auto facts = DispatchFactsOf(source.topic, source.sys_flag, source.properties, delays_);
  StagedRecord& record = batch_.records.emplace_back();
  record.entry.queue = &queue;
  record.entry.size = static_cast<std::int32_t>(bytes);
  record.entry.tags_code = facts.tags.code;
  record.entry.transaction = facts.transaction;
  record.entry.keys = std::move(facts.keys);
  record.delay_from_store = facts.tags.delay_from_store;
  return {};
}

Status Stager::Stage(const wire::RecordSource& source, QueueSlot& queue, Ticket ticket,
                     AckPolicy policy) {
  return StageBatch(std::span(&source, 1), queue, ticket, policy);
}

Status Stager::StageBatch(std::span<const wire::RecordSource> sources, QueueSlot& queue,
                          Ticket ticket, AckPolicy policy) {
  COMET_CHECK(!sources.empty());
  std::uint64_t bytes = 0;
  for (const auto& source : sources) bytes += wire::EncodedRecordBytes(source);
  COMET_TRY(Admit(bytes));
  MakeRoom(static_cast<std::uint32_t>(bytes));
  const std::uint32_t slab_before = batch_.slab->size();
  const std::size_t records_before = batch_.records.size();
  for (const auto& source : sources) {
    if (Status encoded = Encode(source, queue); !encoded.ok()) {
      batch_.slab->CutTo(slab_before);
      batch_.records.resize(records_before);
      return encoded;
    }
  }
  batch_.units.push_back({ticket, policy, static_cast<std::uint32_t>(sources.size()),
                          batch_.slab->size() - slab_before});
  return {};
}

void Stager::Submit() {
  if (batch_.empty()) return;
  last_units_ = batch_.units.size();
  last_records_ = std::max(batch_.records.size(), last_records_ / 2);
  appender_.Submit(Take());
}

}  // namespace comet::store
