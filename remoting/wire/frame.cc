#include "remoting/wire/frame.h"

#include <algorithm>
#include <charconv>

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

void AppendNumber(std::int64_t number, std::string* out) {
  char digits[24];
  out->append(digits, std::to_chars(digits, digits + sizeof(digits), number).ptr);
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
  out_->append(kFramePrefixBytes, '\0');
  if (form_ == HeaderForm::kJson) {
    out_->append("{\"code\":");
    AppendNumber(head.code, out_);
  } else {
    AppendBigEndian(out_, static_cast<std::int16_t>(head.code));
    AppendBigEndian(out_, static_cast<std::uint8_t>(
                              language_ == Language::kUnknown ? Language::kOther : language_));
    AppendBigEndian(out_, static_cast<std::int16_t>(version_));
    AppendBigEndian(out_, opaque_);
    AppendBigEndian(out_, flag_);
    const std::string_view remark = remark_.value_or(std::string_view());
    AppendBigEndian(out_, static_cast<std::int32_t>(remark.size()));
    out_->append(remark);
    ext_length_at_ = out_->size();
    AppendBigEndian(out_, std::int32_t{0});
  }
  for (const ExtField& field : head.ext) Put(field.key, field.value);
}

void FrameWriter::OpenJsonExt() {
  out_->append(ext_open_ ? "," : ",\"extFields\":{");
  ext_open_ = true;
}

void FrameWriter::Put(std::string_view key, std::string_view value) {
  if (form_ == HeaderForm::kJson) {
    OpenJsonExt();
    AppendJsonString(key, out_);
    out_->push_back(':');
    AppendJsonString(value, out_);
    return;
  }
  constexpr std::size_t kSmall = 64, kLengths = sizeof(std::int16_t) + sizeof(std::int32_t);
  if (kLengths + key.size() + value.size() <= kSmall) {  // nearly all of them, in one piece
    char field[kSmall];
    char* at = field;
    PutBigEndian(at, static_cast<std::int16_t>(key.size()));
    at = std::copy(key.begin(), key.end(), at + sizeof(std::int16_t));
    PutBigEndian(at, static_cast<std::int32_t>(value.size()));
    at = std::copy(value.begin(), value.end(), at + sizeof(std::int32_t));
    out_->append(field, static_cast<std::size_t>(at - field));
    return;
  }
  COMET_CHECK_LE(key.size(), std::size_t{32767});
  AppendBigEndian(out_, static_cast<std::int16_t>(key.size()));
  out_->append(key);
  AppendBigEndian(out_, static_cast<std::int32_t>(value.size()));
  out_->append(value);
}

void FrameWriter::FinishHeader(std::size_t body_bytes) {
  if (form_ == HeaderForm::kJson) {
    if (ext_open_) {
      out_->push_back('}');
    } else if (has_ext_) {
      out_->append(",\"extFields\":{}");
    }
    out_->append(",\"flag\":");
    AppendNumber(flag_, out_);
    if (const std::string_view name = LanguageName(language_); !name.empty()) {
      out_->append(",\"language\":\"");
      out_->append(name);
      out_->push_back('"');
    }
    out_->append(",\"opaque\":");
    AppendNumber(opaque_, out_);
    if (remark_) {
      out_->append(",\"remark\":");
      AppendJsonString(*remark_, out_);
    }
    out_->append(",\"serializeTypeCurrentRPC\":\"JSON\",\"version\":");
    AppendNumber(version_, out_);
    out_->push_back('}');
  } else {
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
