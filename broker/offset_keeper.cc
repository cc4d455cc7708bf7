#include "broker/offset_keeper.h"

namespace comet::broker {

std::size_t OffsetKeeper::ForgetUnstored(const store::QueueTable& queues) {
  std::size_t forgotten = 0;
  for (const auto& one : offsets_.All()) {
    const auto* slot = queues.Find(one.topic, one.queue_id);
    // A queue that is not there begins at 0, however many a former master's had.
    const auto next = slot == nullptr ? 0 : slot->next_offset.load();
    if (one.offset <= next) continue;
    offsets_.Commit(one.group, one.topic, one.queue_id, next);
    ++forgotten;
  }
  return forgotten;
}

Status OffsetKeeper::Persist() {
  MutexLock lock(mutex_);
  auto changes = offsets_.TakeDirty();
  if (changes.empty()) return {};
  auto version = meta_.Version(store::meta::Table::kConsumerOffsets);
  auto status = version.ok() ? Status() : version.TakeError();
  if (status.ok()) {
    version->timestamp_ms = clock_.WallNow();
    ++version->counter;
    status = meta_.PutConsumerOffsets(changes, *version);
  }
  if (!status.ok()) offsets_.MarkDirty(changes);
  return status;
}

Status OffsetKeeper::ForgetTopic(std::string_view topic) {
  MutexLock lock(mutex_);
  offsets_.RemoveTopic(topic);
  return meta_.DeleteConsumerOffsets({}, topic);
}

Status OffsetKeeper::ForgetGroup(std::string_view group) {
  MutexLock lock(mutex_);
  offsets_.RemoveGroup(group);
  return meta_.DeleteConsumerOffsets(group, {});
}

}  // namespace comet::broker
