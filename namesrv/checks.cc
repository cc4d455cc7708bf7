#include "namesrv/checks.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "namesrv/limits.h"
#include "remoting/base/text.h"
#include "remoting/base/utf8.h"
#include "remoting/wire/response_code.h"

namespace comet::namesrv {
namespace {

Status Bad(std::string_view what, std::string_view reason) {
  return Status(Status::Code::kInvalid, Concat(what, " ", reason));
}

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool IsUtf8(std::string_view text) {
  bool valid = true;
  for (std::size_t at = 0; at < text.size();) NextCodePoint(text, at, &valid);
  return valid;
}

bool IsTopicChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("%|_-.+$").find(c) != std::string_view::npos;
}

Status CheckText(std::string_view what, std::string_view text, std::string_view forbidden) {
  if (text.empty()) return Bad(what, "is empty");
  if (text.size() > kNameBytesMax) {
    return Bad(what, Concat("is longer than ", kNameBytesMax, " bytes"));
  }
  if (!IsUtf8(text)) return Bad(what, "is not UTF-8");
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
  COMET_TRY(CheckText(what, text, " \"'{}[],;:\\/"));
  return text.front() == '.' ? Bad(what, "begins with a dot") : Status();
}

Status CheckTopic(std::string_view topic) {
  if (topic.empty()) return Bad("topic", "is empty");
  if (topic.size() > kTopicBytesMax) {
    return Bad("topic", Concat("is longer than ", kTopicBytesMax, " bytes"));
  }
  if (topic.front() == '.') return Bad("topic", "begins with a dot");
  if (!std::ranges::all_of(topic, IsTopicChar)) {
    return Bad("topic", "contains illegal characters, allowing only ^[%|a-zA-Z0-9_.+$-]+$");
  }
  return Status();
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

std::int32_t CodeOfRefusal(const Status& status) {
  return status.code() == Status::Code::kInvalid ? wire::ResponseCode::kInvalidParameter
                                                 : wire::ResponseCode::kSystemError;
}

}  // namespace comet::namesrv
