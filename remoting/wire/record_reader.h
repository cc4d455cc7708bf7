#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/wire/record.h"

namespace comet::wire {

// A record in the bytes it was read from.
struct RecordView {
  std::uint32_t bytes = 0;  // of the whole record
  bool v2 = false;
  std::uint32_t body_crc = 0;
  std::int32_t queue_id = 0;
  std::int32_t flag = 0;
  std::int64_t queue_offset = 0;
  std::int64_t log_offset = 0;
  std::int32_t sys_flag = 0;
  std::int64_t born_ms = 0;
  Host born_host;
  std::int64_t store_ms = 0;
  Host store_host;
  std::int32_t reconsume_times = 0;
  std::int64_t prepared_offset = 0;
  std::string_view body;
  std::string_view topic;
  std::string_view properties;
};

enum class RecordState : std::uint8_t {
  kRecord,     // `record` is complete and consistent
  kBlank,      // the rest of the file is unused; record.bytes says how much
  kTruncated,  // more bytes than there are; record.bytes is what is wanted, 0 if not even known
  kDamaged,    // not a record; `reason` says why. record.bytes is the claimed size if the record
               // had a magic number and enough bytes, else 0
};

struct RecordChecks {
  bool body_crc = false;
  std::optional<std::int64_t> log_offset;  // must equal the record's own
};

struct RecordResult {
  RecordState state = RecordState::kTruncated;
  RecordView record;
  std::string_view reason;  // a constant
};

// Reads the record at the beginning of `bytes`. The sizes must add up exactly; nothing outside
// `bytes` is read whatever they say.
RecordResult ReadRecord(std::string_view bytes, const RecordChecks& checks = {});

}  // namespace comet::wire
