#pragma once

#include <cstdint>
#include <string>

#include "remoting/base/clock.h"
#include "remoting/wire/record_reader.h"

namespace comet::store {

// Stands where records were being written when the power went and did not reach the device, though
// later ones did. Nobody was promised them; but a hole in the log would stop every replica, since
// it is no record. It is a whole, believed record as RocketMQ has them, of a message that was
// rolled back: in no queue and no index, here and in Apache's brokers.
inline constexpr std::string_view kLostTopic = "-";
inline constexpr std::int64_t kLostRecordBytesMin =
    static_cast<std::int64_t>(wire::kMinRecordBytes + kLostTopic.size());

// `bytes` is at least kLostRecordBytesMin.
std::string EncodeLostRecord(std::int64_t log_offset, std::int64_t bytes, WallMs store_ms);
bool IsLostRecord(const wire::RecordView& record);

}  // namespace comet::store
