#include "broker/slave/master_log.h"

#include "broker/runtime_number.h"
#include "broker/slave/fetch_table.h"
#include "remoting/wire/requests/get_broker_runtime_info.h"

namespace comet::broker {
namespace {

constexpr auto kValid = std::chrono::seconds(30);  // longer than the longest rest between two runs

}  // namespace

SyncItem MasterLog::Item() {
  const auto ask = [this](net::Client& master) -> Status {
    auto end = Ask(master);
    if (end.ok()) return {};
    Note(std::nullopt);
    return end.error().code() == Status::Code::kInvalid ? Status() : end.TakeError();
  };
  return {"end of the log", ask, [this] {
            Note(std::nullopt);
          }};
}

StatusOr<std::int64_t> MasterLog::Ask(net::Client& master) {
  const auto own = own_end_();
  COMET_ASSIGN(const auto answer, master.CallAndWait<wire::GetBrokerRuntimeInfo>(
                                      {}, {}, {.timeout = kProgressTimeout}));
  COMET_TRY(CheckAnswer(*answer));
  const auto end = RuntimeNumber(answer->body, "commitLogMaxOffset");
  if (!end || *end < 0) return Status(Status::Code::kInvalid, "it does not say where its log ends");
  Note(*end - own);
  return *end;
}

std::optional<std::int64_t> MasterLog::lag() const {
  MutexLock lock(mutex_);
  return lag_ && clock_.Now() - noted_at_ < kValid ? lag_ : std::nullopt;
}

void MasterLog::Note(std::optional<std::int64_t> lag) {
  MutexLock lock(mutex_);
  lag_ = lag;
  noted_at_ = clock_.Now();
}

}  // namespace comet::broker
