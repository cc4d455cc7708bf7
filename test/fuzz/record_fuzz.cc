#include <cstring>
#include <string>

#include "remoting/base/check.h"
#include "remoting/wire/record_reader.h"
#include "remoting/wire/record_writer.h"
#include "test/fuzz/fuzz_target.h"

using namespace comet;

// A record that is accepted is written again to the same bytes, but for the CRC.
COMET_FUZZ(std::string_view input) {
  static_cast<void>(wire::ReadRecord(input, {.body_crc = true, .log_offset = 0}));
  const auto [state, record, reason] = wire::ReadRecord(input);
  COMET_CHECK_EQ(reason.empty(), state != wire::RecordState::kDamaged);
  if (state != wire::RecordState::kRecord) return;
  COMET_CHECK_LE(record.bytes, input.size());
  if (record.v2 != (record.topic.size() > wire::kMaxTopicBytesV1)) return;
  const wire::RecordSource source{
      .topic = record.topic,
      .body = record.body,
      .properties = record.properties,
      .queue_id = record.queue_id,
      .flag = record.flag,
      .sys_flag = record.sys_flag,
      .queue_offset = record.queue_offset,
      .log_offset = record.log_offset,
      .born_ms = record.born_ms,
      .store_ms = record.store_ms,
      .born_host = record.born_host,
      .store_host = record.store_host,
      .reconsume_times = record.reconsume_times,
      .prepared_offset = record.prepared_offset,
  };
  std::string again(wire::EncodedRecordBytes(source), '\0');
  COMET_CHECK_EQ(again.size(), std::size_t{record.bytes});
  const auto written = wire::EncodeRecord(source, again);
  COMET_CHECK(written.ok());
  std::memcpy(again.data() + wire::OffsetOf("bodyCrc"), input.data() + wire::OffsetOf("bodyCrc"),
              4);
  COMET_CHECK(again == input.substr(0, record.bytes));
}
