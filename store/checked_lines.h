#pragma once

#include <string>
#include <string_view>

#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"

namespace comet::store {

// Small files of text lines that end with a line `crc32 N` over all before it. They are replaced as
// a whole, so that a crash leaves the former ones.

Status WriteCheckedLines(FileSystem& fs, const std::string& path, std::string lines);
// The lines; nothing when there is no such file, or when it is damaged, which is logged: what these
// files remember makes a start safer, and a start without them is better than none.
StatusOr<std::string> ReadCheckedLines(FileSystem& fs, const std::string& path);

// The text up to the next `end`, which is taken off.
std::string_view CutAt(std::string_view* text, char end);

}  // namespace comet::store
