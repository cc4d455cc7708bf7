#pragma once

#include <cstddef>
#include <string_view>

#include "broker/offset_table.h"
#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "store/meta/meta_store.h"
#include "store/queue_table.h"

namespace comet::broker {

// Keeps the offset table's copy on disk: writes what has changed, deletes what is to be forgotten,
// one after the other, so that nothing forgotten is written again. Waits for the disk: any thread
// but a loop.
class OffsetKeeper {
 public:
  OffsetKeeper(const Clock& clock, OffsetTable& offsets, store::meta::MetaStore& meta)
      : clock_(clock), offsets_(offsets), meta_(meta) {}

  // At the start of a master: offsets that no message has had. They come from a log that lost its
  // end, or from a master whose end never came to this former slave; kept, they would pass over the
  // messages that get them next. After the offsets were restored. Returns how many there were.
  std::size_t ForgetUnstored(const store::QueueTable& queues);
  Status Persist() EXCLUDES(mutex_);  // after an error the changes are tried again
  Status ForgetTopic(std::string_view topic) EXCLUDES(mutex_);
  Status ForgetGroup(std::string_view group) EXCLUDES(mutex_);

 private:
  const Clock& clock_;
  OffsetTable& offsets_;
  store::meta::MetaStore& meta_;
  Mutex mutex_;  // held across the write
};

}  // namespace comet::broker
