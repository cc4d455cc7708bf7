#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "remoting/base/status_or.h"
#include "remoting/wire/record.h"

namespace comet::wire {

// What goes into a record, borrowed. The queue offset, log offset and store time are written as
// given; a broker leaves them 0 and has the appender patch them.
struct RecordSource {
  std::string_view topic;
  std::string_view body;
  std::string_view properties;
  std::int32_t queue_id = 0;
  std::int32_t flag = 0;
  std::int32_t sys_flag = 0;  // the bits that say whether a host is IPv6 are set by the writer
  std::int64_t queue_offset = 0;
  std::int64_t log_offset = 0;
  std::int64_t born_ms = 0;
  std::int64_t store_ms = 0;
  Host born_host;
  Host store_host;
  std::int32_t reconsume_times = 0;
  std::int64_t prepared_offset = 0;
};

// Bytes the record will take: version 2 when the topic is longer than 127 bytes.
std::size_t EncodedRecordBytes(const RecordSource& source);

// Writes the record, body CRC included, to the beginning of `into`, which must have
// EncodedRecordBytes(source). Refuses topics and properties the format cannot hold, and an empty
// topic. Returns the bytes written.
StatusOr<std::size_t> EncodeRecord(const RecordSource& source, std::span<char> into);

// Sets what only the appender knows. `record` points to a record that EncodeRecord wrote.
void PatchRecord(char* record, std::int64_t queue_offset, std::int64_t log_offset,
                 std::int64_t store_ms);

// Writes the record that ends a log file: `rest_bytes` is what is left of the file, >= 8; only
// the first 8 bytes are written.
void EncodeBlank(std::uint32_t rest_bytes, char* into);

}  // namespace comet::wire
