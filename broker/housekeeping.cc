#include "broker/housekeeping.h"

#include <chrono>
#include <utility>

#include "remoting/base/log.h"

namespace comet::broker {
namespace {

constexpr std::int64_t kExpiryPeriodMs = 10'000;

}  // namespace

void Housekeeping::Start() {
  parts_.executor.Post([this] {
    const auto config = parts_.context.config.Get();
    Every(config->flush_offsets_ms, [this] {
      if (const auto status = PersistOffsets(); !status.ok()) {
        LOG_ERROR << "consumer offsets were not written and will be tried again: "
                  << status.ToString();
      }
    });
    Every(config->flush_delay_offsets_ms, [this] {
      if (const auto status = PersistDelays(); !status.ok()) {
        LOG_ERROR << "progress of the delay levels was not written and will be tried again: "
                  << status.ToString();
      }
    });
    Every(kExpiryPeriodMs, [this] {
      // In the lane of heartbeats, so that those that wait there are seen first.
      parts_.context.worker.Post([this] { ExpireClients(); });
      parts_.context.locks.Expire();
    });
    StepDelays();
  });
}

void Housekeeping::Every(std::int64_t period_ms, std::function<void()> work) {
  parts_.executor.After(std::chrono::milliseconds(period_ms),
                        [this, period_ms, work = std::move(work)]() mutable {
                          work();
                          Every(period_ms, std::move(work));
                        });
}

void Housekeeping::WakeDelays() {
  parts_.executor.Post([this] { StepDelays(); });
}

void Housekeeping::StepDelays() {
  if (parts_.delays == nullptr) return;
  if (delay_timer_ != 0) parts_.executor.Cancel(delay_timer_);
  delay_timer_ = 0;
  const auto next = parts_.delays->Step();
  if (!next) return;
  delay_timer_ = parts_.executor.After(*next, [this] {
    delay_timer_ = 0;
    StepDelays();
  });
}

void Housekeeping::ExpireClients() {
  const auto expired = parts_.context.clients.Expire();
  for (const auto connection : expired.connections) {
    parts_.context.loops.CloseConnection(connection, "no heartbeat for too long");
  }
  parts_.notice.Send(expired.changes);
}

}  // namespace comet::broker
