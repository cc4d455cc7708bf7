#include "console/cli/command.h"

#include "remoting/base/mutex.h"

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

Status Context::Summarize(std::vector<Status> failures, std::size_t attempts) {
  const bool all = !failures.empty() && failures.size() == attempts;
  for (std::size_t i = all ? 1 : 0; i < failures.size(); ++i) Complain(failures[i]);
  return all ? std::move(failures.front()) : Status();
}

bool Context::Pause(std::chrono::seconds time) {
  out.EndRound();
  if (!out.writable()) return false;
  Mutex mutex;
  CondVar nobody;
  const MonoTime end = clock.Now() + time;
  MutexLock lock(mutex);
  for (MonoTime now = clock.Now(); now < end; now = clock.Now()) nobody.WaitFor(mutex, end - now);
  return true;
}

}  // namespace comet::cli
