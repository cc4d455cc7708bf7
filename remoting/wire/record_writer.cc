#include "remoting/wire/record_writer.h"

#include "remoting/base/bytes.h"
#include "remoting/base/check.h"
#include "remoting/base/crc32.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"

namespace comet::wire {
namespace {

void PutHost(const Host& host, ByteWriter& to) {
  to.Put(std::string_view(reinterpret_cast<const char*>(host.ip.data()), host.ip_bytes()));
  to.Put(std::int32_t{host.port});
}

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
  ByteWriter to(into.data());
  to.Put(static_cast<std::int32_t>(bytes));
  to.Put(IsV2(source) ? kMagicV2 : kMagicV1);
  to.Put(BodyCrc32(source.body));
  to.Put(source.queue_id);
  to.Put(source.flag);
  to.Put(source.queue_offset);
  to.Put(source.log_offset);
  to.Put(SysFlagOf(source));
  to.Put(source.born_ms);
  PutHost(source.born_host, to);
  to.Put(source.store_ms);
  PutHost(source.store_host, to);
  to.Put(source.reconsume_times);
  to.Put(source.prepared_offset);
  to.Put(static_cast<std::int32_t>(source.body.size()));
  to.Put(source.body);
  if (IsV2(source)) {
    to.Put(static_cast<std::int16_t>(source.topic.size()));
  } else {
    to.Put(static_cast<std::int8_t>(source.topic.size()));
  }
  to.Put(source.topic);
  to.Put(static_cast<std::int16_t>(source.properties.size()));
  to.Put(source.properties);
  COMET_CHECK_EQ(static_cast<std::size_t>(to.at() - into.data()), bytes);
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
