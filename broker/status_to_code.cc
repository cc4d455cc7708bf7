#include "broker/status_to_code.h"

namespace comet::broker {

std::int32_t StatusToCode(const Status& status) {
  switch (status.code()) {
    case Status::Code::kOk:
      return ResponseCode::kSuccess;
    case Status::Code::kInvalid:
      return ResponseCode::kInvalidParameter;
    case Status::Code::kFull:
      return ResponseCode::kSystemBusy;
    case Status::Code::kUnavailable:
    case Status::Code::kClosed:
      return ResponseCode::kServiceNotAvailable;
    case Status::Code::kNotFound:
    case Status::Code::kCorruption:
    case Status::Code::kIo:
    case Status::Code::kTimeout:
      return ResponseCode::kSystemError;
  }
  return ResponseCode::kSystemError;
}

Refused RefusedBy(const Status& status) {
  return {StatusToCode(status), status.message()};
}

Refused RefusedBy(store::Refusal refusal) {
  if (refusal == store::Refusal::kBusy) {
    return {ResponseCode::kSystemBusy,
            "[PC_SYNCHRONIZED]broker busy, start flow control for a while"};
  }
  return {ResponseCode::kServiceNotAvailable,
          std::string("service not available now. ").append(store::RefusalText(refusal))};
}

}  // namespace comet::broker
