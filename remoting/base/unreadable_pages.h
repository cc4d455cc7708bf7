#pragma once

#include <cstddef>

#include "remoting/base/bytes.h"

namespace comet {

struct WatchedMapping;

// The pages of a mapped file that could not be read when somebody touched them: a bad sector, or a
// file that was cut under its reader.
//
// Touching one raises SIGBUS, which would end the process, and after it every start that comes to
// the same place. While this lives, the page becomes zeros instead and is remembered, and the
// thread goes on; it asks Includes afterwards. What the file has there is not looked at again, not
// even when it is written anew, until the file is mapped anew.
//
// The first one takes SIGBUS for the whole process. At the first that comes from elsewhere it gives
// the signal back to whoever had it before.
//
// Any thread. Costs nothing until a page is lost.
class UnreadablePages {
 public:
  // `mapping` begins at a page, is mapped for reading only, and outlives this.
  explicit UnreadablePages(Slice mapping);
  ~UnreadablePages();
  UnreadablePages(const UnreadablePages&) = delete;
  UnreadablePages& operator=(const UnreadablePages&) = delete;

  // Whether one of these pages holds any of the mapping's bytes [from, from + bytes).
  bool Includes(std::size_t from, std::size_t bytes) const;

 private:
  WatchedMapping& watched_;
};

// Reads a byte of each page, so that an unreadable one becomes known.
void TouchPages(Slice bytes);

}  // namespace comet
