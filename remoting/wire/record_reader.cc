#include "remoting/wire/record_reader.h"

#include <cstring>

#include "remoting/base/bytes.h"
#include "remoting/base/crc32.h"
#include "remoting/wire/flags.h"

namespace comet::wire {
namespace {

constexpr std::size_t kPrefixBytes = 8;  // size and magic

RecordResult Damaged(std::uint32_t bytes, std::string_view reason) {
  RecordResult result;
  result.state = RecordState::kDamaged;
  result.record.bytes = bytes;
  result.reason = reason;
  return result;
}

RecordResult Bare(RecordState state, std::uint32_t bytes) {
  RecordResult result;
  result.state = state;
  result.record.bytes = bytes;
  return result;
}

// False when it cannot be a host.
bool ReadHost(ByteReader& reader, bool v6, Host* host) {
  host->v6 = v6;
  const std::string_view ip = reader.ReadBytes(host->ip_bytes());
  const auto port = reader.Read<std::int32_t>();
  if (!reader.ok() || port < 0 || port > 65535) return false;
  std::memcpy(host->ip.data(), ip.data(), ip.size());
  host->port = static_cast<std::uint16_t>(port);
  return true;
}

template <std::integral Length>
bool ReadSized(ByteReader& reader, std::string_view* bytes) {
  const auto length = reader.Read<Length>();
  if (!reader.ok() || length < 0) return false;
  *bytes = reader.ReadBytes(static_cast<std::size_t>(length));
  return reader.ok();
}

// The fields behind the magic number; the reason for which they are none, or nothing.
std::string_view ReadFields(ByteReader reader, RecordView* record) {
  record->body_crc = reader.Read<std::uint32_t>();
  record->queue_id = reader.Read<std::int32_t>();
  record->flag = reader.Read<std::int32_t>();
  record->queue_offset = reader.Read<std::int64_t>();
  record->log_offset = reader.Read<std::int64_t>();
  record->sys_flag = reader.Read<std::int32_t>();
  record->born_ms = reader.Read<std::int64_t>();
  const bool born_v6 = (record->sys_flag & sys_flag::kBornHostV6) != 0;
  const bool store_v6 = (record->sys_flag & sys_flag::kStoreHostV6) != 0;
  if (!ReadHost(reader, born_v6, &record->born_host)) return "impossible born host";
  record->store_ms = reader.Read<std::int64_t>();
  if (!ReadHost(reader, store_v6, &record->store_host)) return "impossible store host";
  record->reconsume_times = reader.Read<std::int32_t>();
  record->prepared_offset = reader.Read<std::int64_t>();
  if (!ReadSized<std::int32_t>(reader, &record->body)) return "body longer than the record";
  const bool topic_ok = record->v2 ? ReadSized<std::int16_t>(reader, &record->topic)
                                   : ReadSized<std::int8_t>(reader, &record->topic);
  if (!topic_ok) return "topic longer than the record";
  if (record->topic.empty()) return "no topic";
  if (!ReadSized<std::int16_t>(reader, &record->properties)) {
    return "properties longer than the record";
  }
  if (!reader.rest().empty()) return "parts shorter than the record";
  if (record->queue_id < 0) return "negative queue id";
  return {};
}

}  // namespace

RecordResult ReadRecord(std::string_view bytes, const RecordChecks& checks) {
  if (bytes.size() < kPrefixBytes) return Bare(RecordState::kTruncated, 0);
  const auto size = GetBigEndian<std::uint32_t>(bytes.data());
  const auto magic = GetBigEndian<std::uint32_t>(bytes.data() + sizeof(size));
  if (magic == kMagicBlank) return Bare(RecordState::kBlank, size);
  if (magic != kMagicV1 && magic != kMagicV2) return Damaged(0, "no magic number");
  if (size < kMinRecordBytes || size > 0x7fffffff) return Damaged(0, "impossible size");
  if (bytes.size() < size) return Bare(RecordState::kTruncated, size);

  RecordResult result;
  result.record.bytes = size;
  result.record.v2 = magic == kMagicV2;
  const ByteReader reader(bytes.substr(kPrefixBytes, size - kPrefixBytes));
  if (const auto reason = ReadFields(reader, &result.record); !reason.empty()) {
    return Damaged(size, reason);
  }
  if (checks.log_offset && *checks.log_offset != result.record.log_offset) {
    return Damaged(size, "its log offset is not its position");
  }
  if (checks.body_crc &&
      static_cast<std::uint32_t>(BodyCrc32(result.record.body)) != result.record.body_crc) {
    return Damaged(size, "body does not match its CRC");
  }
  result.state = RecordState::kRecord;
  return result;
}

}  // namespace comet::wire
