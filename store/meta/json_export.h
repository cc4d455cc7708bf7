#pragma once

#include <string>

#include "remoting/base/file_system.h"
#include "remoting/base/status.h"
#include "store/meta/meta_store.h"

namespace comet::store::meta {

// Writes topics.json, subscriptionGroup.json, consumerOffset.json and delayOffset.json, as a Java
// broker reads them, into `directory`. Each file is replaced atomically; the former one is kept
// as .bak.
Status ExportJson(FileSystem& fs, const std::string& directory, MetaStore& meta);

}  // namespace comet::store::meta
