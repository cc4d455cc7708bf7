#pragma once

#include "broker/context.h"
#include "store/meta/meta_store.h"

namespace comet::broker {

// How far each delay level is delivered: by this broker, or, on a slave, as its master said last.
// Reads the meta store.
StatusOr<store::meta::DelayOffsets> DelayProgress(const Context& context);

}  // namespace comet::broker
