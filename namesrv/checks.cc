#include "namesrv/checks.h"

#include <cstdint>
#include <string>

#include "namesrv/limits.h"
#include "remoting/base/text.h"

namespace comet::namesrv {
namespace {

Status Bad(std::string_view what, std::string_view reason) {
  return Status(Status::Code::kInvalid, Concat(what, " ", reason));
}

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

Status CheckText(std::string_view what, std::string_view text, std::string_view forbidden) {
  if (text.empty()) return Bad(what, "is empty");
  if (text.size() > kNameBytesMax) {
    return Bad(what, Concat("is longer than ", kNameBytesMax, " bytes"));
  }
  for (const char c : text) {
    if (IsControl(c)) return Bad(what, "contains a control character");
    if (forbidden.find(c) != std::string_view::npos) {
      return Bad(what, Concat("contains the character '", c, "'"));
    }
  }
  return Status();
}

}  // namespace

Status CheckName(std::string_view what, std::string_view text) {
  return CheckText(what, text, " \"'{}[],;:\\/");
}

Status CheckAddress(std::string_view what, std::string_view text) {
  COMET_TRY(CheckText(what, text, " \"'{},;\\/"));
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return Bad(what, "is not host:port");
  const std::string_view host = text.substr(0, colon);
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (!bracketed && host.find_first_of(":[]") != std::string_view::npos) {
    return Bad(what, "is not host:port");
  }
  const auto port = ParseNumber<std::uint16_t>(text.substr(colon + 1));
  if (!port || *port == 0) return Bad(what, "has no port between 1 and 65535");
  return Status();
}

Status CheckKey(std::string_view what, std::string_view text) {
  return CheckText(what, text, "");
}

}  // namespace comet::namesrv
