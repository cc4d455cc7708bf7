#pragma once

#include <algorithm>
#include <string>

#include "remoting/base/check.h"
#include "remoting/wire/frame.h"
#include "remoting/wire/requests/pull_message.h"
#include "remoting/wire/requests/send_message.h"

namespace comet::fuzz {

inline bool SameHead(const wire::Head& a, const wire::Head& b) {
  return a.code == b.code && a.language == b.language && a.version == b.version &&
         a.opaque == b.opaque && a.flag == b.flag && a.remark == b.remark &&
         a.has_ext == b.has_ext &&
         std::equal(
             a.ext.begin(), a.ext.end(), b.ext.begin(), b.ext.end(),
             [](const auto& x, const auto& y) { return x.key == y.key && x.value == y.value; });
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
  wire::SendMessage::Header send;
  wire::PullMessage::Header pull;
  wire::SendMessage::Reply reply;
  static_cast<void>(DecodeFields(head.ext, &send).ok());
  static_cast<void>(DecodeFields(head.ext, &pull).ok());
  static_cast<void>(DecodeFields(head.ext, &reply).ok());
}

}  // namespace comet::fuzz
