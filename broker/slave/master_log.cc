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
    if (!Ask(master).ok()) Note(std::nullopt);
    return {};
  };
  return {"end of the log", ask, [this] {
            Note(std::nullopt);
          }};
}

StatusOr<std::int64_t> MasterLog::Ask(net::Client& master) {
  COMET_ASSIGN(const auto answer, master.CallAndWait<wire::GetBrokerRuntimeInfo>(
                                      {}, {}, {.timeout = kProgressTimeout}));
  COMET_TRY(CheckAnswer(*answer));
  const auto end = RuntimeNumber(answer->body, "commitLogMaxOffset");
  if (!end || *end < 0) return Status(Status::Code::kInvalid, "it does not say where its log ends");
  Note(end);
  return *end;
}

std::optional<std::int64_t> MasterLog::end() const {
  MutexLock lock(mutex_);
  return end_ && clock_.Now() - noted_at_ < kValid ? end_ : std::nullopt;
}

void MasterLog::Note(std::optional<std::int64_t> end) {
  MutexLock lock(mutex_);
  end_ = end;
  noted_at_ = clock_.Now();
}

}  // namespace comet::broker
