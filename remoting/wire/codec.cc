#include "remoting/wire/codec.h"

namespace comet::wire::codec_internal {
namespace {

constexpr std::size_t kShownBytes = 64;  // of a value in an error: enough to recognise it

}  // namespace

Status BadField(std::string_view key, std::string_view value, std::string_view why) {
  const bool cut = value.size() > kShownBytes;
  return {Status::Code::kInvalid,
          Concat("field ", key, ": '", value.substr(0, kShownBytes), cut ? "...' " : "' ", why)};
}

Status MissingField(std::string_view key) {
  return {Status::Code::kInvalid, Concat("field ", key, " is missing")};
}

}  // namespace comet::wire::codec_internal
