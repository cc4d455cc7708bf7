#pragma once

#include <string_view>

#include "broker/offset_table.h"
#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/base/status_or.h"
#include "store/meta/meta_store.h"

namespace comet::broker {

// Keeps the offset table's copy on disk: writes what has changed, deletes what is to be forgotten,
// one after the other, so that nothing forgotten is written again. Waits for the disk: any thread
// but a loop.
class OffsetKeeper {
 public:
  OffsetKeeper(const Clock& clock, OffsetTable& offsets, store::meta::MetaStore& meta)
      : clock_(clock), offsets_(offsets), meta_(meta) {}

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
