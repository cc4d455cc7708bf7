#include "remoting/wire/record_writer.h"

#include <cstring>

#include "remoting/base/bytes.h"
#include "remoting/base/check.h"
#include "remoting/base/crc32.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"

namespace comet::wire {
namespace {

// Writes big-endian values one after the other. The caller has checked the room.
class Cursor {
 public:
  explicit Cursor(char* at) : at_(at) {}

  template <std::integral T>
  void Put(T value) {
    PutBigEndian(at_, value);
    at_ += sizeof(T);
  }
  void Put(std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(at_, bytes.data(), bytes.size());
    at_ += bytes.size();
  }
  void Put(const Host& host) {
    std::memcpy(at_, host.ip.data(), host.ip_bytes());
    at_ += host.ip_bytes();
    Put(std::int32_t{host.port});
  }
  char* at() const { return at_; }

 private:
  char* at_;
};

bool IsV2(const RecordSource& source) {
  return source.topic.size() > kMaxTopicBytesV1;
}

std::int32_t SysFlagOf(const RecordSource& source) {
  std::int32_t bits = source.sys_flag & ~(sys_flag::kBornHostV6 | sys_flag::kStoreHostV6);
  if (source.born_host.v6) bits |= sys_flag::kBornHostV6;
  if (source.store_host.v6) bits |= sys_flag::kStoreHostV6;
  return bits;
}

Status Check(const RecordSource& source) {
  if (source.topic.empty()) return {Status::Code::kInvalid, "a record needs a topic"};
  if (source.topic.size() > kMaxTopicBytesV2) {
    return {Status::Code::kInvalid, Concat("topic of ", source.topic.size(), " bytes")};
  }
  if (source.properties.size() > kMaxPropertyBytes) {
    return {Status::Code::kInvalid, Concat("properties of ", source.properties.size(), " bytes")};
  }
  if (EncodedRecordBytes(source) > 0x7fffffff) {
    return {Status::Code::kInvalid, Concat("body of ", source.body.size(), " bytes")};
  }
  return {};
}

}  // namespace

std::size_t EncodedRecordBytes(const RecordSource& source) {
  return kMinRecordBytes + (IsV2(source) ? 1 : 0) + (source.born_host.v6 ? kV6ExtraBytes : 0) +
         (source.store_host.v6 ? kV6ExtraBytes : 0) + source.body.size() + source.topic.size() +
         source.properties.size();
}

StatusOr<std::size_t> EncodeRecord(const RecordSource& source, std::span<char> into) {
  COMET_TRY(Check(source));
  const std::size_t bytes = EncodedRecordBytes(source);
  COMET_CHECK_GE(into.size(), bytes);
  Cursor cursor(into.data());
  cursor.Put(static_cast<std::int32_t>(bytes));
  cursor.Put(IsV2(source) ? kMagicV2 : kMagicV1);
  cursor.Put(BodyCrc32(source.body));
  cursor.Put(source.queue_id);
  cursor.Put(source.flag);
  cursor.Put(source.queue_offset);
  cursor.Put(source.log_offset);
  cursor.Put(SysFlagOf(source));
  cursor.Put(source.born_ms);
  cursor.Put(source.born_host);
  cursor.Put(source.store_ms);
  cursor.Put(source.store_host);
  cursor.Put(source.reconsume_times);
  cursor.Put(source.prepared_offset);
  cursor.Put(static_cast<std::int32_t>(source.body.size()));
  cursor.Put(source.body);
  if (IsV2(source)) {
    cursor.Put(static_cast<std::int16_t>(source.topic.size()));
  } else {
    cursor.Put(static_cast<std::int8_t>(source.topic.size()));
  }
  cursor.Put(source.topic);
  cursor.Put(static_cast<std::int16_t>(source.properties.size()));
  cursor.Put(source.properties);
  COMET_CHECK_EQ(static_cast<std::size_t>(cursor.at() - into.data()), bytes);
  return bytes;
}

void PatchRecord(char* record, std::int64_t queue_offset, std::int64_t log_offset,
                 std::int64_t store_ms) {
  PutI64(record + OffsetOf("queueOffset"), queue_offset);
  PutI64(record + OffsetOf("logOffset"), log_offset);
  const bool v6 = (GetI32(record + OffsetOf("sysFlag")) & sys_flag::kBornHostV6) != 0;
  PutI64(record + OffsetOf("storeTime") + (v6 ? kV6ExtraBytes : 0), store_ms);
}

void EncodeBlank(std::uint32_t rest_bytes, char* into) {
  COMET_CHECK_GE(std::size_t{rest_bytes}, kBlankBytes);
  PutBigEndian(into, rest_bytes);
  PutBigEndian(into + sizeof(rest_bytes), kMagicBlank);
}

}  // namespace comet::wire
