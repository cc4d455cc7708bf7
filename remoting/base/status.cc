#include "remoting/base/status.h"

namespace comet {

const std::string& Status::message() const {
  static const std::string kEmpty;
  return error_ ? error_->message : kEmpty;
}

Status Status::Annotate(std::string_view context) && {
  if (error_) error_->message.insert(0, std::string(context) + ": ");
  return std::move(*this);
}

Status Status::Clone() const {
  return error_ ? Status(error_->code, error_->message) : Status();
}

std::string Status::ToString() const {
  if (ok()) return "OK";
  return std::string(StatusCodeName(error_->code)) + ": " + error_->message;
}

std::string_view StatusCodeName(Status::Code code) {
  switch (code) {
    case Status::Code::kOk:
      return "OK";
    case Status::Code::kNotFound:
      return "NOT_FOUND";
    case Status::Code::kInvalid:
      return "INVALID";
    case Status::Code::kCorruption:
      return "CORRUPTION";
    case Status::Code::kIo:
      return "IO";
    case Status::Code::kFull:
      return "FULL";
    case Status::Code::kTimeout:
      return "TIMEOUT";
    case Status::Code::kUnavailable:
      return "UNAVAILABLE";
    case Status::Code::kClosed:
      return "CLOSED";
  }
  return "UNKNOWN";
}

}  // namespace comet
