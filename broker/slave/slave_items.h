#pragma once

#include <vector>

#include "broker/context.h"
#include "broker/slave/sync_item.h"

namespace comet::broker {

// All that a slave takes over from its master besides the log, and how far the master is, in the
// order in which one needs the other: progress is of topics and groups. `context` must outlive
// them.
std::vector<SyncItem> SlaveItems(Context& context);

}  // namespace comet::broker
