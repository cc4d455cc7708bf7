#include "remoting/wire/header_binary.h"
#include "test/fuzz/fuzz_target.h"
#include "test/fuzz/head_checks.h"

using namespace comet;

// What is accepted is encoded again to the same bytes.
COMET_FUZZ(std::string_view input) {
  wire::Head head;
  if (!wire::DecodeBinaryHead(input, &head).ok()) return;
  fuzz::CheckHead(head);
  const bool whole = !head.remark || head.remark->size() <= 8192;
  if (!whole || head.language == wire::Language::kUnknown) return;
  std::string bytes;
  wire::AppendFrame(head, "", &bytes);
  COMET_CHECK(std::string_view(bytes).substr(wire::kFramePrefixBytes) == input);
}
