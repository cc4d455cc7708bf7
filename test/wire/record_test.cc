#include <gtest/gtest.h>

#include "remoting/base/bytes.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/record_reader.h"
#include "remoting/wire/record_writer.h"

namespace comet::wire {
namespace {

std::string Hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[c & 15];
  }
  return hex;
}

RecordSource Sample() {
  RecordSource source;
  source.topic = "TopicTest";
  source.body = "hello";
  source.properties =
      "TAGS\x01TagA\x02KEYS\x01k1\x02UNIQ_KEY\x01"
      "7F00000130392A139A5518B4AAC20000\x02";
  source.queue_id = 1;
  source.queue_offset = 5;
  source.log_offset = 4096;
  source.born_ms = 1700000000000;
  source.born_host = Host::V4(10, 0, 0, 1, 54321);
  source.store_ms = 1700000000001;
  source.store_host = Host::V4(127, 0, 0, 1, 10911);
  return source;
}

std::string Encode(const RecordSource& source) {
  std::string bytes(EncodedRecordBytes(source), '\0');
  const auto written = EncodeRecord(source, bytes);
  EXPECT_TRUE(written.ok());
  EXPECT_EQ(*written, bytes.size());
  return bytes;
}

Host V6(std::uint16_t port) {
  Host host;
  host.v6 = true;
  host.port = port;
  for (std::size_t i = 0; i < 16; ++i) host.ip[i] = static_cast<std::uint8_t>(0x20 + i);
  return host;
}

TEST(EncodeRecord, WritesTheDocumentedBytes) {
  EXPECT_EQ(Hex(Encode(Sample())),
            "000000a5daa320a73610a686000000010000000000000000000000050000000000001000"
            "000000000000018bcfe568000a0000010000d4310000018bcfe568017f00000100002a9f"
            "0000000000000000000000000000000568656c6c6f09546f70696354657374003c" +
                Hex(Sample().properties));
}

TEST(Record, RoundTripsInEveryShape) {
  const std::string long_topic(300, 't'), long_properties(kMaxPropertyBytes, 'p');
  for (const bool born_v6 : {false, true}) {
    for (const bool store_v6 : {false, true}) {
      for (const std::size_t topic_bytes : {1U, 127U, 128U, 300U}) {
        RecordSource source = Sample();
        source.topic = std::string_view(long_topic).substr(0, topic_bytes);
        source.properties = long_properties;
        source.flag = -3;
        source.sys_flag = sys_flag::kCommit | sys_flag::kBornHostV6;  // the writer knows better
        source.reconsume_times = 2;
        source.prepared_offset = 77;
        if (born_v6) source.born_host = V6(65535);
        if (store_v6) source.store_host = V6(1);
        const std::string bytes = Encode(source);
        const std::string log = bytes + "next";
        const auto [state, record, reason] = ReadRecord(log, {true, 4096});
        ASSERT_EQ(state, RecordState::kRecord) << reason;
        EXPECT_EQ(record.bytes, bytes.size());
        EXPECT_EQ(record.v2, topic_bytes > 127);
        EXPECT_EQ(record.topic, source.topic);
        EXPECT_EQ(record.body, source.body);
        EXPECT_EQ(record.properties, source.properties);
        EXPECT_EQ(record.queue_id, source.queue_id);
        EXPECT_EQ(record.flag, source.flag);
        EXPECT_EQ(record.queue_offset, source.queue_offset);
        EXPECT_EQ(record.log_offset, source.log_offset);
        EXPECT_EQ(record.sys_flag, sys_flag::kCommit | (born_v6 ? sys_flag::kBornHostV6 : 0) |
                                       (store_v6 ? sys_flag::kStoreHostV6 : 0));
        EXPECT_EQ(record.born_ms, source.born_ms);
        EXPECT_EQ(record.born_host, source.born_host);
        EXPECT_EQ(record.store_ms, source.store_ms);
        EXPECT_EQ(record.store_host, source.store_host);
        EXPECT_EQ(record.reconsume_times, source.reconsume_times);
        EXPECT_EQ(record.prepared_offset, source.prepared_offset);
      }
    }
  }
}

TEST(EncodeRecord, RefusesWhatTheFormatCannotHold) {
  std::string into(100000, '\0');
  const std::string long_text(40000, 'x');
  RecordSource source = Sample();
  source.topic = "";
  EXPECT_FALSE(EncodeRecord(source, into).ok());
  source.topic = std::string_view(long_text).substr(0, kMaxTopicBytesV2 + 1);
  EXPECT_FALSE(EncodeRecord(source, into).ok());
  source = Sample();
  source.properties = std::string_view(long_text).substr(0, kMaxPropertyBytes + 1);
  EXPECT_FALSE(EncodeRecord(source, into).ok());
}

TEST(PatchRecord, SetsTheThreeFieldsOfTheAppender) {
  for (const bool born_v6 : {false, true}) {
    RecordSource source = Sample();
    if (born_v6) source.born_host = V6(5);
    std::string patched = Encode(source);
    PatchRecord(patched.data(), 17, 1 << 20, 1800000000000);
    source.queue_offset = 17;
    source.log_offset = 1 << 20;
    source.store_ms = 1800000000000;
    EXPECT_EQ(patched, Encode(source));
  }
}

TEST(ReadRecord, TellsTruncatedFromDamaged) {
  const std::string bytes = Encode(Sample());
  for (std::size_t have = 0; have < bytes.size(); ++have) {
    const RecordResult result = ReadRecord(std::string_view(bytes).substr(0, have));
    EXPECT_EQ(result.state, RecordState::kTruncated) << have;
    EXPECT_EQ(result.record.bytes, have < 8 ? 0 : bytes.size());
  }
  EXPECT_EQ(ReadRecord(std::string(200, '\0')).state, RecordState::kDamaged);
}

TEST(ReadRecord, ReadsBlanks) {
  char blank[8];
  EncodeBlank(1234, blank);
  const RecordResult result = ReadRecord({blank, sizeof(blank)});
  EXPECT_EQ(result.state, RecordState::kBlank);
  EXPECT_EQ(result.record.bytes, 1234U);
}

TEST(ReadRecord, FindsEveryFlippedByteThatMatters) {
  const std::string bytes = Encode(Sample());
  for (std::size_t at = 0; at < 8; ++at) {  // size and magic
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    EXPECT_NE(ReadRecord(damaged, {true, 4096}).state, RecordState::kRecord) << at;
  }
  const std::size_t body = OffsetOf("body");
  for (const std::size_t at : {OffsetOf("bodyCrc"), OffsetOf("logOffset"), OffsetOf("bodyLength"),
                               body, body + 4, body + 5, body + 5 + 10}) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x04);
    const RecordResult result = ReadRecord(damaged, {true, 4096});
    EXPECT_EQ(result.state, RecordState::kDamaged) << at;
    EXPECT_EQ(result.record.bytes, bytes.size());
    EXPECT_FALSE(result.reason.empty());
  }
}

TEST(ReadRecord, ChecksWhatItIsToldToCheck) {
  std::string bytes = Encode(Sample());
  EXPECT_EQ(ReadRecord(bytes, {false, 4097}).reason, "its log offset is not its position");
  bytes[OffsetOf("body")] ^= 1;
  EXPECT_EQ(ReadRecord(bytes).state, RecordState::kRecord);
  EXPECT_EQ(ReadRecord(bytes, {true, {}}).reason, "body does not match its CRC");
}

TEST(ReadRecord, RefusesHostsQueuesAndSizesThatCannotBe) {
  const auto reason_with = [](std::size_t at, std::int32_t value) {
    std::string bytes = Encode(Sample());
    PutI32(bytes.data() + at, value);
    const RecordResult result = ReadRecord(bytes);
    EXPECT_EQ(result.state, RecordState::kDamaged);
    return result.reason;
  };
  EXPECT_EQ(reason_with(OffsetOf("bornHost") + 4, 65536), "impossible born host");
  EXPECT_EQ(reason_with(OffsetOf("storeHost") + 4, -1), "impossible store host");
  EXPECT_EQ(reason_with(OffsetOf("queueId"), -1), "negative queue id");
  EXPECT_EQ(reason_with(OffsetOf("bodyLength"), -1), "body longer than the record");
  EXPECT_EQ(reason_with(OffsetOf("totalSize"), 90), "impossible size");
  EXPECT_EQ(reason_with(OffsetOf("totalSize"), -1), "impossible size");
  EXPECT_EQ(reason_with(OffsetOf("totalSize"), 164), "properties longer than the record");
}

}  // namespace
}  // namespace comet::wire
