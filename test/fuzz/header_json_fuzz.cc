#include "remoting/wire/header_json.h"
#include "test/fuzz/fuzz_target.h"
#include "test/fuzz/head_checks.h"

using namespace comet;

// In place and copied must agree, whatever follows the header.
COMET_FUZZ(std::string_view input) {
  std::string padded(input);
  padded.append(wire::kReadPadding, '"');
  wire::JsonHeadDecoder in_place, copied;
  wire::Head a, b;
  const bool ok =
      in_place.Decode(std::string_view(padded).substr(0, input.size()), wire::kReadPadding, &a)
          .ok();
  COMET_CHECK_EQ(ok, copied.Decode(input, 0, &b).ok());
  if (!ok) return;
  COMET_CHECK(fuzz::SameHead(a, b));
  fuzz::CheckHead(a);
}
