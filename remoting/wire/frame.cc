#include "remoting/wire/frame.h"

#include <charconv>
#include <utility>

#include "remoting/base/bytes.h"
#include "remoting/base/check.h"
#include "remoting/wire/header_binary.h"
#include "remoting/wire/json_string.h"

namespace comet::wire {
namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kMaxHeaderBytes = (1 << 24) - 1;
// A remark is read by people; some of ours quote what the peer sent.
constexpr std::size_t kMaxRemarkBytes = 8 * 1024;

CutResult Malformed(std::string_view reason) {
  CutResult result;
  result.state = CutState::kMalformed;
  result.reason = reason;
  return result;
}

CutResult NeedMore(std::size_t need) {
  CutResult result;
  result.need = need;
  return result;
}

std::string_view CutRemark(std::string_view remark) {
  if (remark.size() <= kMaxRemarkBytes) return remark;
  std::size_t end = kMaxRemarkBytes;
  while (end > 0 && (static_cast<unsigned char>(remark[end]) & 0xC0) == 0x80) --end;
  return remark.substr(0, end);
}

}  // namespace

CutResult CutFrame(std::string_view bytes, const FrameLimits& limits) {
  if (bytes.size() < kLengthBytes) return NeedMore(kFramePrefixBytes);
  const auto length = GetI32(bytes.data());
  if (length < 0) return Malformed("negative frame length");
  const std::size_t total = kLengthBytes + static_cast<std::size_t>(length);
  if (total > limits.max_frame_bytes) return Malformed("frame longer than allowed");
  if (total < kFramePrefixBytes) return Malformed("frame too short for its header length");
  if (bytes.size() < kFramePrefixBytes) return NeedMore(total);
  const auto word = GetBigEndian<std::uint32_t>(bytes.data() + kLengthBytes);
  const std::size_t header_bytes = word & kMaxHeaderBytes;
  if (word >> 24 > static_cast<std::uint32_t>(HeaderForm::kBinary)) {
    return Malformed("unknown header form");
  }
  if (header_bytes > total - kFramePrefixBytes) return Malformed("header longer than its frame");
  if (header_bytes > limits.max_header_bytes) return Malformed("header longer than allowed");
  if (bytes.size() < total) return NeedMore(total);
  CutResult result;
  result.state = CutState::kFrame;
  result.need = total;
  result.frame = {
      static_cast<HeaderForm>(word >> 24), bytes.substr(kFramePrefixBytes, header_bytes),
      bytes.substr(kFramePrefixBytes + header_bytes, total - kFramePrefixBytes - header_bytes),
      total};
  return result;
}

Status FrameDecoder::Decode(const RawFrame& raw, std::size_t readable_after, Frame* frame) {
  frame->body = raw.body;
  if (raw.form == HeaderForm::kBinary) return DecodeBinaryHead(raw.header, &frame->head);
  return json_.Decode(raw.header, readable_after, &frame->head);
}

FrameWriter::FrameWriter(const Head& head, std::string* out)
    : out_(out),
      start_(out->size()),
      form_(FitsBinary(head.code) && FitsBinary(head.version) ? head.form : HeaderForm::kJson),
      has_ext_(head.has_ext),
      version_(head.version),
      opaque_(head.opaque),
      flag_(head.flag),
      language_(head.language),
      remark_(head.remark) {
  if (remark_) remark_ = CutRemark(*remark_);
  if (form_ == HeaderForm::kJson) {
    Gather("{\"code\":");
    GatherText(head.code);
  } else {
    Gather(static_cast<std::int16_t>(head.code));
    Gather(
        static_cast<std::uint8_t>(language_ == Language::kUnknown ? Language::kOther : language_));
    Gather(static_cast<std::int16_t>(version_));
    Gather(opaque_);
    Gather(flag_);
    const std::string_view remark = remark_.value_or(std::string_view());
    Gather(static_cast<std::int32_t>(remark.size()));
    Gather(remark);
    ext_length_at_ = out_->size() + gathered_;
    Gather(std::int32_t{0});
  }
  for (const ExtField& field : head.ext) Put(field.key, field.value);
}

template <std::integral T>
void FrameWriter::Gather(T value) {
  if (kGatherBytes - gathered_ < sizeof(T)) Flush();
  PutBigEndian(gather_ + gathered_, value);
  gathered_ += sizeof(T);
}

inline void FrameWriter::Gather(std::string_view bytes) {
  if (kGatherBytes - gathered_ < bytes.size()) {
    Flush();
    if (bytes.size() > kGatherBytes) {
      out_->append(bytes);
      return;
    }
  }
  CopyShort(gather_ + gathered_, bytes);
  gathered_ += bytes.size();
}

void FrameWriter::GatherText(std::int32_t number) {
  constexpr std::size_t kCharsMax = 11;
  if (kGatherBytes - gathered_ < kCharsMax) Flush();
  char* const at = gather_ + gathered_;
  gathered_ = static_cast<std::size_t>(std::to_chars(at, at + kCharsMax, number).ptr - gather_);
}

void FrameWriter::GatherJson(std::string_view text) {
  if (IsPlainJson(text)) {
    Gather("\"");
    Gather(text);
    Gather("\"");
  } else {
    Flush();
    AppendJsonString(text, out_);
  }
}

void FrameWriter::Flush() {
  out_->append(gather_, std::exchange(gathered_, 0));
}

void FrameWriter::Put(std::string_view key, std::string_view value) {
  // With the most that stands around them. Nearly all fields are short, and written at once.
  constexpr std::string_view kOpen = ",\"extFields\":{";
  constexpr std::size_t kAround = kOpen.size() + std::string_view("\"\":\"\"").size();
  const bool fits = key.size() + value.size() + kAround <= kGatherBytes - gathered_;
  ByteWriter to(gather_ + gathered_);
  if (form_ == HeaderForm::kJson) {
    const std::string_view open = std::exchange(ext_open_, true) ? kOpen.substr(0, 1) : kOpen;
    if (fits && IsPlainJson(key) && IsPlainJson(value)) {
      to.Put(open);
      to.Put('"');
      to.Put(key);
      to.Put(std::string_view("\":\""));
      to.Put(value);
      to.Put('"');
      gathered_ = static_cast<std::size_t>(to.at() - gather_);
      return;
    }
    Gather(open);
    GatherJson(key);
    Gather(":");
    GatherJson(value);
  } else if (fits) {
    to.Put(static_cast<std::int16_t>(key.size()));
    to.Put(key);
    to.Put(static_cast<std::int32_t>(value.size()));
    to.Put(value);
    gathered_ = static_cast<std::size_t>(to.at() - gather_);
  } else {
    COMET_CHECK_LE(key.size(), std::size_t{32767});
    Gather(static_cast<std::int16_t>(key.size()));
    Gather(key);
    Gather(static_cast<std::int32_t>(value.size()));
    Gather(value);
  }
}

void FrameWriter::FinishHeader(std::size_t body_bytes) {
  if (form_ == HeaderForm::kJson) {
    if (ext_open_) {
      Gather("}");
    } else if (has_ext_) {
      Gather(",\"extFields\":{}");
    }
    Gather(",\"flag\":");
    GatherText(flag_);
    if (const std::string_view name = LanguageName(language_); !name.empty()) {
      Gather(",\"language\":\"");
      Gather(name);
      Gather("\"");
    }
    Gather(",\"opaque\":");
    GatherText(opaque_);
    if (remark_) {
      Gather(",\"remark\":");
      GatherJson(*remark_);
    }
    Gather(",\"serializeTypeCurrentRPC\":\"JSON\",\"version\":");
    GatherText(version_);
    Gather("}");
    Flush();
  } else {
    Flush();
    const std::size_t section = out_->size() - ext_length_at_ - sizeof(std::int32_t);
    PutI32(out_->data() + ext_length_at_, static_cast<std::int32_t>(section));
  }
  const std::size_t header_bytes = out_->size() - start_ - kFramePrefixBytes;
  COMET_CHECK_LE(header_bytes, kMaxHeaderBytes);
  const std::size_t length = kFramePrefixBytes - kLengthBytes + header_bytes + body_bytes;
  COMET_CHECK_LE(length, std::size_t{0x7fffffff});
  char* const prefix = out_->data() + start_;
  PutI32(prefix, static_cast<std::int32_t>(length));
  PutBigEndian(prefix + kLengthBytes, static_cast<std::uint32_t>(header_bytes) |
                                          (static_cast<std::uint32_t>(form_) << 24));
}

void FrameWriter::Finish(std::string_view body) {
  FinishHeader(body.size());
  out_->append(body);
}

void AppendFrame(const Head& head, std::string_view body, std::string* out) {
  FrameWriter writer(head, out);
  writer.Finish(body);
}

}  // namespace comet::wire
