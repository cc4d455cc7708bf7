#include "broker/stats/rates.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "remoting/base/json_writer.h"

namespace comet::broker {
namespace {

constexpr std::size_t kWindows[] = {10, 60, 600};
constexpr std::size_t kPointsMax = 601;

}  // namespace

void Rates::Sample(MonoTime now, const Totals& totals) {
  if (points_.size() >= kPointsMax) points_.pop_front();
  points_.push_back({now, totals});
}

double Rates::PerSecond(Pick pick, std::size_t seconds) const {
  if (points_.size() < 2) return 0;
  const auto& last = points_.back();
  const auto& first = points_[points_.size() - 1 - std::min(seconds, points_.size() - 1)];
  std::int64_t events = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    if ((pick.bits & (1U << i)) != 0) events += last.totals[i] - first.totals[i];
  }
  const auto time = std::chrono::duration<double>(last.at - first.at).count();
  return time > 0 ? static_cast<double>(events) / time : 0;
}

std::string Rates::Text(Pick pick) const {
  std::string text;
  for (const auto seconds : kWindows) {
    if (!text.empty()) text += ' ';
    AppendJsonNumber(&text, PerSecond(pick, seconds));
  }
  return text;
}

void DayTotals::Tick(WallMs now_ms, Values now) {
  const auto seconds = static_cast<std::time_t>(now_ms / 1000);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  const auto day = local.tm_year * 366 + local.tm_yday;
  if (day_ >= 0 && day != day_) {
    yesterday_morning_ = this_morning_;
    this_morning_ = now;
  }
  day_ = day;
}

}  // namespace comet::broker
