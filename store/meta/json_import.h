#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"
#include "store/meta/meta_store.h"

namespace comet::store::meta {

struct ImportReport {
  bool imported = false;  // false: the meta store was not empty, or there were no files
  std::size_t topics = 0, groups = 0, consumer_offsets = 0, delay_offsets = 0;
  std::vector<std::string> notes;  // files replaced by their .bak, entries left out, and why
};

// Reads a Java broker's topics.json, subscriptionGroup.json, consumerOffset.json and
// delayOffset.json (fastjson: integer keys without quotes) from `directory` into an empty meta
// store, all or nothing. A file that is missing, empty or unreadable is replaced by its .bak; a
// file that is there but cannot be read in either form is kCorruption, because going on would
// lose topics or progress in silence.
StatusOr<ImportReport> ImportJson(FileSystem& fs, const std::string& directory, MetaStore& meta);

}  // namespace comet::store::meta
