// What the codecs cost: nanoseconds of processor time, best of several rounds. Run it from a
// release build; on a shared machine only the ratios of one run mean anything.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>

#include "remoting/wire/frame.h"
#include "remoting/wire/record_reader.h"
#include "remoting/wire/record_writer.h"
#include "remoting/wire/requests/send_message.h"

namespace comet::wire {
namespace {

constexpr int kRounds = 20, kTurns = 50'000;

// Keeps the compiler from dropping what nobody uses.
void Use(const void* value) {
  asm volatile("" : : "g"(value) : "memory");
}

// Processor time of this thread: what others do meanwhile does not count.
std::int64_t CpuNow() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void Measure(const char* what, const std::function<void()>& turn) {
  double best = 1e18;
  for (int round = 0; round < kRounds; ++round) {
    const std::int64_t start = CpuNow();
    for (int i = 0; i < kTurns; ++i) turn();
    const auto spent = static_cast<double>(CpuNow() - start);
    best = std::min(best, spent / kTurns);
  }
  std::printf("%-44s %8.1f ns\n", what, best);
}

SendMessage::Header SendHeader() {
  SendMessage::Header header;
  header.producer_group = "benchmark_producer";
  header.topic = "BenchmarkTest";
  header.default_topic = "TBW102";
  header.queue_id = 3;
  header.born_ms = 1700000000000;
  header.properties =
      "UNIQ_KEY\x01"
      "7F00000130392A139A5518B4AAC20000\x02WAIT\x01true\x02TAGS\x01TagA\x02";
  header.broker_name = "broker-a";
  return header;
}

std::string SendFrame(HeaderForm form) {
  Head head;
  head.form = form;
  head.code = 310;
  head.opaque = 12345;
  std::string bytes;
  AppendFrame(head, SendHeader(), std::string(100, 'b'), &bytes, Spelling::kShort);
  return bytes;
}

void MeasureHeaders(const char* name, HeaderForm form) {
  std::string bytes = SendFrame(form);
  bytes.append(kReadPadding, '\0');
  const RawFrame raw = CutFrame(bytes).frame;
  std::printf("%s header of a V2 send, %zu bytes\n", name, raw.header.size());
  FrameDecoder decoder;
  Frame frame;
  SendMessage::Header header;
  const auto decode = [&](std::size_t readable) {
    Use(decoder.Decode(raw, readable, &frame).ok() ? &frame : nullptr);
  };
  Measure("  decode", [&] { decode(kReadPadding); });
  Measure("  decode, without padding behind it", [&] { decode(0); });
  Measure("  described fields", [&] {
    header = {};
    Use(DecodeFields(frame.head.ext, &header).ok() ? &header : nullptr);
  });
  Measure("  cut, decode, described fields", [&] {
    header = {};
    const bool ok = decoder.Decode(CutFrame(bytes).frame, kReadPadding, &frame).ok() &&
                    DecodeFields(frame.head.ext, &header).ok();
    Use(ok ? &header : nullptr);
  });
  std::string out;
  const std::string body(100, 'b');
  Measure("  encode the request", [&] {
    out.clear();
    Head head;
    head.form = form;
    head.code = 310;
    AppendFrame(head, header, body, &out, Spelling::kShort);
    Use(out.data());
  });
  SendMessage::Reply reply;
  reply.message_id = "7F00000100002A9F0000000000001000";
  reply.queue_id = 3;
  reply.queue_offset = 12345;
  reply.region = "DefaultRegion";
  reply.trace_on = "true";
  Measure("  encode the reply", [&] {
    out.clear();
    AppendFrame(frame.head.Reply(0), reply, "", &out);
    Use(out.data());
  });
}

void MeasureRecord(std::size_t body_bytes) {
  const std::string body(body_bytes, 'b');
  const SendMessage::Header header = SendHeader();
  RecordSource source;
  source.topic = header.topic;
  source.body = body;
  source.properties = header.properties;
  std::string into(EncodedRecordBytes(source), '\0');
  std::printf("record with a body of %zu bytes\n", body_bytes);
  Measure("  encode with CRC",
          [&] { Use(EncodeRecord(source, into).ok() ? into.data() : nullptr); });
  Measure("  patch", [&] {
    PatchRecord(into.data(), 1, 2, 3);
    Use(into.data());
  });
  Measure("  read", [&] {
    const auto result = ReadRecord(into);
    Use(&result);
  });
  Measure("  read with CRC", [&] {
    const auto result = ReadRecord(into, {.body_crc = true, .log_offset = 2});
    Use(&result);
  });
}

}  // namespace
}  // namespace comet::wire

int main() {
  using namespace comet::wire;
  MeasureHeaders("JSON", HeaderForm::kJson);
  MeasureHeaders("binary", HeaderForm::kBinary);
  MeasureRecord(100);
  MeasureRecord(1024);
}
