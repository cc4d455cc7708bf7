#include "broker/stats/stats_book.h"

#include <algorithm>
#include <iterator>

namespace comet::broker {
namespace {

struct Name {
  std::string_view text;
  StatKind kind;
  bool bytes;
};

constexpr Name kNames[] = {
    {"TOPIC_PUT_NUMS", StatKind::kTopicPut, false},
    {"TOPIC_PUT_SIZE", StatKind::kTopicPut, true},
    {"GROUP_GET_NUMS", StatKind::kGroupGet, false},
    {"GROUP_GET_SIZE", StatKind::kGroupGet, true},
    {"SNDBCK_PUT_NUMS", StatKind::kSendBack, false},
    {"BROKER_PUT_NUMS", StatKind::kBrokerPut, false},
    {"BROKER_GET_NUMS", StatKind::kBrokerGet, false},
    {"BROKER_PUT_NUMS_WITHOUT_SYSTEM_TOPIC", StatKind::kBrokerPutUsers, false},
    {"BROKER_GET_NUMS_WITHOUT_SYSTEM_TOPIC", StatKind::kBrokerGetUsers, false},
};

constexpr std::int64_t kHourEvery = 60, kDayEvery = 360;  // samples

}  // namespace

const StatsBook::Item* StatsBook::Find(StatKind kind, std::string_view key) const {
  const auto found = items_.find(KeyRef(kind, key));
  return found == items_.end() ? nullptr : &found->second;
}

void StatsBook::Add(StatKind kind, std::string_view key, const Amount& amount) {
  auto found = items_.find(KeyRef(kind, key));
  if (found == items_.end()) {
    if (items_.size() >= kItemsMax) return;
    found = items_.emplace(Key(kind, key), Item{}).first;
    const Point begin{clock_.WallNow(), {}};
    found->second.minute = found->second.hour = found->second.day = {begin};
  }
  found->second.total.Add(amount);
}

void StatsBook::Push(Points& points, int max, const Point& point) {
  if (std::ssize(points) >= max) points.erase(points.begin());
  points.push_back(point);
}

void StatsBook::Sample() {
  ++samples_;
  const auto now = clock_.WallNow();
  for (auto at = items_.begin(); at != items_.end();) {
    Item& item = at->second;
    const Point point{now, item.total};
    Push(item.minute, kMinuteSamples, point);
    if (samples_ % kHourEvery == 0) Push(item.hour, kHourSamples, point);
    if (samples_ % kDayEvery == 0) Push(item.day, kDaySamples, point);
    const bool idle =
        std::ssize(item.day) == kDaySamples && item.day.front().total.times == item.total.times;
    at = idle ? items_.erase(at) : std::next(at);
  }
}

wire::StatsSnapshot StatsBook::Window(const Item& item, const Points& points, bool bytes) const {
  const Point& first = points.front();
  const auto value = [bytes](const Amount& amount) {
    return bytes ? amount.bytes : amount.messages;
  };
  wire::StatsSnapshot window;
  window.sum = value(item.total) - value(first.total);
  const auto ms = clock_.WallNow() - first.ms;
  if (ms > 0) window.tps = static_cast<double>(window.sum) * 1000.0 / static_cast<double>(ms);
  const auto times = item.total.times - first.total.times;
  if (times > 0) window.average = static_cast<double>(window.sum) / static_cast<double>(times);
  return window;
}

std::optional<wire::BrokerStatsData> StatsBook::View(std::string_view name,
                                                     std::string_view key) const {
  const auto* known = std::find_if(std::begin(kNames), std::end(kNames),
                                   [&](const Name& one) { return one.text == name; });
  if (known == std::end(kNames)) return std::nullopt;
  const auto* item = Find(known->kind, key);
  if (item == nullptr) return std::nullopt;
  return wire::BrokerStatsData{Window(*item, item->minute, known->bytes),
                               Window(*item, item->hour, known->bytes),
                               Window(*item, item->day, known->bytes)};
}

double StatsBook::MinuteTps(StatKind kind, std::string_view key) const {
  const auto* item = Find(kind, key);
  return item == nullptr ? 0 : Window(*item, item->minute, false).tps;
}

void StatsBook::ForgetTopic(std::string_view topic) {
  std::erase_if(items_, [&](const auto& entry) {
    const auto& [kind, key] = entry.first;
    const std::string_view text = key;
    if (kind == StatKind::kTopicPut) return text == topic;
    if (kind != StatKind::kGroupGet && kind != StatKind::kSendBack) return false;
    return text.substr(0, text.find('@')) == topic;
  });
}

}  // namespace comet::broker
