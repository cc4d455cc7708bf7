#include "remoting/wire/frame.h"
#include "test/fuzz/fuzz_target.h"
#include "test/fuzz/head_checks.h"

using namespace comet;

// A stream: frames are cut and decoded until it ends or is refused.
COMET_FUZZ(std::string_view input) {
  wire::FrameDecoder decoder;
  wire::Frame frame;
  while (!input.empty()) {
    const wire::CutResult cut = wire::CutFrame(input);
    if (cut.state == wire::CutState::kNeedMore) {
      COMET_CHECK_GT(cut.need, input.size());
      return;
    }
    if (cut.state == wire::CutState::kMalformed) {
      COMET_CHECK(!cut.reason.empty());
      return;
    }
    COMET_CHECK_LE(cut.frame.bytes, input.size());
    const std::size_t after = input.size() - wire::kFramePrefixBytes - cut.frame.header.size();
    if (decoder.Decode(cut.frame, after, &frame).ok()) fuzz::CheckHead(frame.head);
    input.remove_prefix(cut.frame.bytes);
  }
}
