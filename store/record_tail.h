#pragma once

#include <cstddef>

#include "remoting/base/bytes.h"
#include "remoting/base/status.h"
#include "remoting/wire/record_reader.h"

namespace comet::store {

// The CRC of RocketMQ's record covers the body only. Of topic and properties, which lie behind it,
// a torn write or a power cut may have left a beginning, or taken whole sectors of the device; the
// sizes still add up, and zeros stand where the file was made with zeros.

// False when that is so. The record lies somewhere behind `bytes`, which is what the log file that
// it is in, or is going to be in, has from `position` on.
bool TailIsWhole(const wire::RecordView& record, const char* bytes, std::size_t position = 0);

// kInvalid when such properties, written in full, would not be told from lost ones after a crash:
// they end with a zero byte or have as many zeros in a row as a sector.
Status CheckProperties(Slice properties);

}  // namespace comet::store
