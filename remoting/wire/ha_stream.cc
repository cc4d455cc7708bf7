#include "remoting/wire/ha_stream.h"

#include "remoting/base/text.h"

namespace comet::wire {

void EncodeHaHeader(HaHeader header, char* to) {
  PutI64(to, header.offset);
  PutI32(to + sizeof(header.offset), header.bytes);
}

HaHeader DecodeHaHeader(const char* from) {
  return {GetI64(from), GetI32(from + sizeof(HaHeader::offset))};
}

void EncodeHaReport(std::int64_t offset, char* to) {
  PutI64(to, offset);
}

std::int64_t DecodeHaReport(const char* from) {
  return GetI64(from);
}

StatusOr<std::optional<HaFrame>> TakeHaFrame(Slice* bytes) {
  if (bytes->size() < kHaHeaderBytes) return std::optional<HaFrame>();
  HaFrame frame;
  frame.header = DecodeHaHeader(bytes->data());
  const auto size = static_cast<std::size_t>(frame.header.bytes);
  const bool in_a_log = frame.header.offset >= 0 && frame.header.offset <= kHaOffsetMax;
  if (!in_a_log || frame.header.bytes < 0 || size > kHaBodyBytesMax) {
    return Status(Status::Code::kCorruption,
                  Concat("not a frame of a replication stream: log offset ", frame.header.offset,
                         ", ", frame.header.bytes, " bytes"));
  }
  if (bytes->size() - kHaHeaderBytes < size) return std::optional<HaFrame>();
  frame.body = bytes->substr(kHaHeaderBytes, size);
  bytes->remove_prefix(kHaHeaderBytes + size);
  return std::optional(frame);
}

std::optional<std::int64_t> TakeHaReports(Slice* bytes) {
  const std::size_t whole = bytes->size() / kHaReportBytes * kHaReportBytes;
  if (whole == 0) return std::nullopt;
  const std::int64_t last = DecodeHaReport(bytes->data() + whole - kHaReportBytes);
  bytes->remove_prefix(whole);
  return last;
}

}  // namespace comet::wire
