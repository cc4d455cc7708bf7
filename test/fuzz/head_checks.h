#pragma once

#include <algorithm>
#include <string>

#include "remoting/base/check.h"
#include "remoting/wire/all_requests.h"
#include "remoting/wire/codec.h"
#include "remoting/wire/frame.h"

namespace comet::fuzz {

inline bool SameHead(const wire::Head& a, const wire::Head& b) {
  return a.code == b.code && a.language == b.language && a.version == b.version &&
         a.opaque == b.opaque && a.flag == b.flag && a.remark == b.remark &&
         a.has_ext == b.has_ext &&
         std::equal(
             a.ext.begin(), a.ext.end(), b.ext.begin(), b.ext.end(),
             [](const auto& x, const auto& y) { return x.key == y.key && x.value == y.value; });
}

// Fields that a described header takes can be written, and what was written is taken.
template <Described T>
void CheckFields(const wire::ExtFields& ext) {
  T fields;
  if (!wire::DecodeFields(ext, &fields).ok()) return;
  wire::Head head;
  head.form = wire::HeaderForm::kBinary;
  std::string bytes;
  wire::AppendFrame(head, fields, {}, &bytes);
  const auto cut = wire::CutFrame(bytes);
  if (cut.state != wire::CutState::kFrame) return;  // too large for a frame
  wire::FrameDecoder decoder;
  wire::Frame frame;
  COMET_CHECK(decoder.Decode(cut.frame, 0, &frame).ok());
  T again;
  COMET_CHECK(wire::DecodeFields(frame.head.ext, &again).ok());
}

// What was decoded must survive being encoded, in the form it came in, and decoded again; and
// the described headers must take it or refuse it.
inline void CheckHead(const wire::Head& head) {
  constexpr std::size_t kRemarkLimit = 8192;  // longer ones are cut by the writer
  const bool whole = !head.remark || head.remark->size() <= kRemarkLimit;
  if (whole && head.language != wire::Language::kUnknown) {
    std::string bytes;
    wire::AppendFrame(head, "body", &bytes);
    const auto cut = wire::CutFrame(bytes);
    COMET_CHECK(cut.state == wire::CutState::kFrame);
    wire::FrameDecoder decoder;
    wire::Frame again;
    const Status status = decoder.Decode(cut.frame, 0, &again);
    COMET_CHECK(status.ok());
    COMET_CHECK(SameHead(head, again.head));
    COMET_CHECK(again.body == "body");
  }
  wire::ForEachRequest([&]<wire::Request R>() {
    CheckFields<typename R::Header>(head.ext);
    CheckFields<typename R::Reply>(head.ext);
  });
}

}  // namespace comet::fuzz
