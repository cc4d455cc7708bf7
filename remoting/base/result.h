#pragma once

#include "remoting/base/status_or.h"

namespace comet {

// Former name of StatusOr; goes when its last user has changed.
template <class T>
using Result = StatusOr<T>;

}  // namespace comet
