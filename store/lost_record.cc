#include "store/lost_record.h"

#include "remoting/base/check.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/record_writer.h"

namespace comet::store {

std::string EncodeLostRecord(std::int64_t log_offset, std::int64_t bytes, WallMs store_ms) {
  COMET_CHECK_GE(bytes, kLostRecordBytesMin);
  const std::string body(static_cast<std::size_t>(bytes - kLostRecordBytesMin), '\0');
  wire::RecordSource source;
  source.topic = kLostTopic;
  source.body = body;
  source.sys_flag = wire::sys_flag::kRollback;
  source.log_offset = log_offset;
  source.born_ms = store_ms;
  source.store_ms = store_ms;
  std::string record(static_cast<std::size_t>(bytes), '\0');
  COMET_CHECK(wire::EncodeRecord(source, record).ok());
  return record;
}

bool IsLostRecord(const wire::RecordView& record) {
  return record.topic == kLostTopic &&
         (record.sys_flag & wire::sys_flag::kTransactionMask) == wire::sys_flag::kRollback;
}

}  // namespace comet::store
