#include "store/store_config.h"

#include <algorithm>

#include "remoting/base/config_file.h"
#include "remoting/base/text.h"
#include "store/delay_table.h"

namespace comet::store {
namespace {

// As RocketMQ reads them: 4, 04 and a ; at the end will do, an empty word will not.
bool AreHours(std::string_view text) {
  if (text.empty()) return false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const auto hour = ParseNumber<int>(text.substr(0, end));
    if (!hour || *hour < 0 || *hour > 23 || end > 2) return false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

}  // namespace

Status StoreConfig::Check() const {
  if (root.empty()) return NotAllowed("storePathRootDir", root, "a directory");
  if (queue_file_bytes % 20 != 0) {
    return NotAllowed("mappedFileSizeConsumeQueue", Concat(queue_file_bytes), "a multiple of 20");
  }
  if (commit_log.find(',') != std::string::npos) {
    return NotAllowed("storePathCommitLog", commit_log,
                      "one directory; a log in several is not supported");
  }
  if (!AreHours(delete_when)) {
    return NotAllowed("deleteWhen", delete_when, "hours from 00 to 23, separated by ;");
  }
  auto delays = DelayTable::Parse(delay_levels);
  return delays.ok() ? Status() : delays.TakeError();
}

}  // namespace comet::store
