#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "remoting/base/limits.h"
#include "remoting/base/status.h"
#include "remoting/wire/codec.h"
#include "remoting/wire/header.h"
#include "remoting/wire/header_json.h"

namespace comet::wire {

// A frame: length (4 bytes, of what follows it), header form (1), header length (3), header, body.
inline constexpr std::size_t kFramePrefixBytes = 8;

struct FrameLimits {
  std::size_t max_frame_bytes =
      limits::kFrameBytesMax;  // with the length field, as Java peers count
  std::size_t max_header_bytes = 1 << 20;
};

// One frame in the bytes it was cut from.
struct RawFrame {
  HeaderForm form = HeaderForm::kJson;
  std::string_view header;
  std::string_view body;
  std::size_t bytes = 0;  // of the whole frame
};

enum class CutState : std::uint8_t {
  kFrame,      // `frame` is set; drop frame.bytes and go on
  kNeedMore,   // read until `need` bytes are there, then cut again
  kMalformed,  // close the connection; `reason` says why
};

struct CutResult {
  CutState state = CutState::kNeedMore;
  RawFrame frame;
  std::size_t need = kFramePrefixBytes;
  std::string_view reason;  // a constant
};

// Takes the first frame of `bytes`. A frame that is too large is refused by its first four bytes.
CutResult CutFrame(std::string_view bytes, const FrameLimits& limits = {});

// A frame with its header decoded. Everything is borrowed.
struct Frame {
  Head head;
  std::string_view body;
};

// Decodes headers, and owns the memory in which escaped strings are undone. One per loop or
// thread. What Decode() put into *frame lives until the next Decode() and no longer than the
// bytes of `raw`.
class FrameDecoder {
 public:
  // `readable_after` says how many bytes behind raw.header may be read, whatever they contain:
  // the body, later frames, slack of the buffer. With kReadPadding or more, a JSON header is
  // parsed in place, otherwise it is copied first; so a read buffer should end with that slack.
  // An error means: close the connection.
  Status Decode(const RawFrame& raw, std::size_t readable_after, Frame* frame);

 private:
  JsonHeadDecoder json_;
};

// Appends one frame to a string, piece by piece:
//   FrameWriter writer(head, &out); writer.PutFields(reply); writer.Finish(body);
// head.ext and head.remark must live until Finish. A binary head whose code or version does not
// fit 16 bits goes out as JSON. Ext values are always written as strings: strict clients break
// on anything else.
class FrameWriter {
 public:
  FrameWriter(const Head& head, std::string* out);
  FrameWriter(const FrameWriter&) = delete;
  FrameWriter& operator=(const FrameWriter&) = delete;

  void Put(std::string_view key, std::string_view value);
  template <Described T>
  void PutFields(const T& fields, Spelling spelling = Spelling::kLong) {
    if (kFieldCount < T >> 0) has_ext_ = true;  // as Java: {} when a header class is all empty
    EncodeFields(fields, spelling, [this](std::string_view k, std::string_view v) { Put(k, v); });
  }

  void Finish(std::string_view body = {});
  // Ends the header and sets the length for a body that the caller sends itself.
  void FinishHeader(std::size_t body_bytes);

  HeaderForm form() const { return form_; }

 private:
  static constexpr std::size_t kGatherBytes = 512;

  template <std::integral T>
  void Gather(T value);
  void Gather(std::string_view bytes);
  void GatherText(std::int32_t number);
  void GatherJson(std::string_view text);
  void Flush();

  std::string* out_;
  const std::size_t start_;
  // Bytes on their way to *out_, which take one append instead of one for each piece. The first
  // are the frame's prefix, which is set at the end.
  std::size_t gathered_ = kFramePrefixBytes;
  char gather_[kGatherBytes];
  HeaderForm form_;
  bool has_ext_;
  bool ext_open_ = false;
  std::size_t ext_length_at_ = 0;  // binary: where the section's length goes
  std::int32_t version_, opaque_, flag_;
  Language language_;
  std::optional<std::string_view> remark_;
};

void AppendFrame(const Head& head, std::string_view body, std::string* out);

template <Described T>
void AppendFrame(const Head& head, const T& fields, std::string_view body, std::string* out,
                 Spelling spelling = Spelling::kLong) {
  FrameWriter writer(head, out);
  writer.PutFields(fields, spelling);
  writer.Finish(body);
}

}  // namespace comet::wire
