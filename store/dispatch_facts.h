#pragma once

#include <cstdint>
#include <string_view>

#include "store/delay_table.h"
#include "store/dispatch_entry.h"

namespace comet::store {

// What queue and index want to know of a message, from its topic, flags and properties alone; the
// stager asks before the record is written, the log scanner when it reads one back.
struct DispatchFacts {
  TagsCode tags;
  KeyHashes keys;
  TransactionKind transaction = TransactionKind::kNone;
};

DispatchFacts DispatchFactsOf(std::string_view topic, std::int32_t sys_flag,
                              std::string_view properties, const DelayTable& delays);

}  // namespace comet::store
