#include "console/cli/command.h"

namespace comet::cli {

ExitCode ExitCodeOf(const Status& status) {
  switch (status.code()) {
    case Status::Code::kOk:
      return ExitCode::kOk;
    case Status::Code::kInvalid:
      return ExitCode::kUsage;
    case Status::Code::kNotFound:
      return ExitCode::kNotFound;
    case Status::Code::kTimeout:
    case Status::Code::kUnavailable:
    case Status::Code::kClosed:
      return ExitCode::kUnreachable;
    case Status::Code::kCorruption:
    case Status::Code::kIo:
    case Status::Code::kFull:
      break;
  }
  return ExitCode::kFailed;
}

void Context::Complain(const Status& status) {
  err << "error: " << status.message() << '\n';
  partial = true;
}

}  // namespace comet::cli
