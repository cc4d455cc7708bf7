#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "remoting/base/java_properties.h"
#include "remoting/base/text.h"
#include "remoting/wire/batch_body.h"
#include "remoting/wire/frame.h"
#include "remoting/wire/record_reader.h"
#include "remoting/wire/record_writer.h"
#include "test/golden/golden_frames.h"

namespace comet::golden {
namespace {

wire::RecordSource SourceOf(const wire::RecordView& record) {
  wire::RecordSource source;
  source.topic = record.topic;
  source.body = record.body;
  source.properties = record.properties;
  source.queue_id = record.queue_id;
  source.flag = record.flag;
  source.sys_flag = record.sys_flag;
  source.queue_offset = record.queue_offset;
  source.log_offset = record.log_offset;
  source.born_ms = record.born_ms;
  source.store_ms = record.store_ms;
  source.born_host = record.born_host;
  source.store_host = record.store_host;
  source.reconsume_times = record.reconsume_times;
  source.prepared_offset = record.prepared_offset;
  return source;
}

// Reads all records of a pull, query or view body and writes each again.
int CheckRecords(std::string_view body) {
  int records = 0;
  while (!body.empty()) {
    const auto result = wire::ReadRecord(body, {.body_crc = true, .log_offset = {}});
    EXPECT_EQ(result.state, wire::RecordState::kRecord) << result.reason;
    if (result.state != wire::RecordState::kRecord) break;
    const wire::RecordSource source = SourceOf(result.record);
    std::string again(wire::EncodedRecordBytes(source), '\0');
    EXPECT_TRUE(wire::EncodeRecord(source, again).ok());
    EXPECT_EQ(again, body.substr(0, result.record.bytes));
    body.remove_prefix(result.record.bytes);
    ++records;
  }
  return records;
}

// Of requests that a server sends to its client, and of answers to a client's requests.
bool HasRecords(std::int32_t request_code, const GoldenFrame& frame) {
  constexpr std::array kRequests = {39, 309};
  constexpr std::array kReplies = {11, 12, 33, 361, 200050, 200052};
  if (frame.to_server || frame.body.empty()) return false;
  if (!frame.is_reply()) return std::ranges::find(kRequests, request_code) != kRequests.end();
  // For an offset that is no record's begin Apache's broker answers arbitrary bytes.
  const bool arbitrary = request_code == 33 && frame.file.starts_with("raw-");
  return std::ranges::find(kReplies, request_code) != kReplies.end() && frame.code == 0 &&
         !arbitrary;
}

TEST(GoldenBodies, EveryRecordIsReadAndWrittenAgain) {
  int records = 0;
  for (const auto& file : GoldenFiles()) {
    std::map<std::tuple<std::string, int, int>, std::int32_t> pending;
    for (const auto& golden : ReadGoldenFrames(file)) {
      const std::tuple key(golden.scenario, golden.connection, golden.opaque);
      if (golden.broken) continue;
      if (golden.to_server && !golden.is_reply()) pending[key] = golden.code;
      if (!HasRecords(golden.is_reply() ? pending[key] : golden.code, golden)) continue;
      SCOPED_TRACE(golden.Name());
      records += CheckRecords(golden.body);
    }
  }
  EXPECT_GT(records, 500);
}

// Settings of brokers and name servers, asked for and sent: key=value lines.
TEST(GoldenBodies, EverySettingIsReadAndWrittenAgain) {
  constexpr std::array kCodes = {25, 26, 318, 319};
  int bodies = 0;
  for (const auto& file : GoldenFiles()) {
    std::map<std::tuple<std::string, int, int>, std::int32_t> pending;
    for (const auto& golden : ReadGoldenFrames(file)) {
      if (golden.broken) continue;
      const std::tuple key(golden.scenario, golden.connection, golden.opaque);
      if (golden.to_server && !golden.is_reply()) pending[key] = golden.code;
      if (golden.body.empty() || std::ranges::find(kCodes, pending[key]) == kCodes.end()) continue;
      SCOPED_TRACE(golden.Name());
      const auto lines = ParseJavaProperties(golden.body, "recorded");
      ASSERT_TRUE(lines.ok()) << lines.error().message();
      std::string again;
      for (const auto& line : lines->lines) {
        again += Concat(line.key, line.has_value ? "=" : "", line.value, "\n");
      }
      EXPECT_EQ(again, golden.body);
      ++bodies;
    }
  }
  EXPECT_GT(bodies, 10);
}

TEST(GoldenBodies, EveryBatchIsReadAndWrittenAgain) {
  int batches = 0;
  ForEachGoldenFrame([&](const GoldenFrame& golden) {
    if (golden.code != 320 || golden.is_reply() || golden.broken) return;
    if (golden.ext->at("m") != "true") return;
    SCOPED_TRACE(golden.Name());
    if (golden.file.starts_with("raw-")) {  // garbage on purpose
      EXPECT_FALSE(wire::CountBatch(golden.body).ok());
      return;
    }
    wire::BatchReader reader(golden.body);
    wire::BatchElement element;
    std::string again;
    while (reader.Next(&element)) {
      wire::AppendBatchElement(element, &again);
    }
    EXPECT_EQ(reader.reason(), "");
    EXPECT_EQ(again, golden.body);
    ++batches;
  });
  EXPECT_GT(batches, 5);
}

}  // namespace
}  // namespace comet::golden
