#pragma once

#include <functional>
#include <string_view>

#include "remoting/base/log.h"

namespace comet {

// Where a thread's lines go instead of the process's log: a library inside a foreign program logs
// through that program's own means. Called on the thread that logs; must not block.
using LogSink = std::function<void(LogLevel level, std::string_view text)>;

// From now on takes every line of the calling thread, of all levels. An empty one ends that.
void SetThreadLogSink(LogSink sink);

// Writes the lines of the process. Without one, warnings and errors go to standard error, so that
// a library that never starts logging needs nothing but this.
using LogWriter = void (*)(LogLevel level, const char* file, int line, std::string_view text);
void SetLogWriter(LogWriter writer);

}  // namespace comet
