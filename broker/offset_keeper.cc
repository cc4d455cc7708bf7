#include "broker/offset_keeper.h"

namespace comet::broker {

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
