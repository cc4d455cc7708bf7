#include "store/store_config.h"

#include "remoting/base/text.h"
#include "store/delay_table.h"

namespace comet::store {

Status StoreConfig::Check() const {
  if (queue_file_bytes % 20 != 0) {
    return {Status::Code::kInvalid, "mappedFileSizeConsumeQueue must be a multiple of 20"};
  }
  if (commit_log.find(',') != std::string::npos) {
    return {Status::Code::kInvalid,
            "storePathCommitLog: a log in several directories is not supported"};
  }
  auto delays = DelayTable::Parse(delay_levels);
  return delays.ok() ? Status() : delays.TakeError();
}

}  // namespace comet::store
