#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/stats/amount.h"
#include "remoting/base/clock.h"
#include "remoting/wire/bodies/stats.h"

namespace comet::broker {

enum class StatKind : std::uint8_t {
  kTopicPut,        // by topic
  kGroupGet,        // by topic@group
  kSendBack,        // by topic@group
  kBrokerPut,       // by cluster
  kBrokerGet,       // by cluster
  kBrokerPutUsers,  // by cluster, without topics of the system
  kBrokerGetUsers,
};

// Amounts by kind and key over the last minute, hour and day, as VIEW_BROKER_STATS_DATA shows
// them: a window begins at a sample taken that long ago and ends now.
//
// An item that nobody adds to for a day is forgotten. Not thread-safe.
class StatsBook {
 public:
  static constexpr std::size_t kItemsMax = 50'000;  // more are not counted
  static constexpr int kMinuteSamples = 7;          // every 10 s
  static constexpr int kHourSamples = 7;            // every 10 min
  static constexpr int kDaySamples = 25;            // every hour

  explicit StatsBook(const Clock& clock) : clock_(clock) {}

  void Add(StatKind kind, std::string_view key, const Amount& amount);
  // Every 10 s.
  void Sample();

  // By RocketMQ's name ("TOPIC_PUT_NUMS") and key; nothing for a name that is not counted and a
  // key that nothing was added to.
  std::optional<wire::BrokerStatsData> View(std::string_view name, std::string_view key) const;
  double MinuteTps(StatKind kind, std::string_view key) const;  // messages a second
  // What belongs to a topic that was deleted.
  void ForgetTopic(std::string_view topic);
  std::size_t size() const { return items_.size(); }

 private:
  struct Point {
    WallMs ms = 0;
    Amount total;
  };
  using Points = std::vector<Point>;
  struct Item {
    Amount total;
    Points minute, hour, day;
  };
  using Key = std::pair<StatKind, std::string>;
  using KeyRef = std::pair<StatKind, std::string_view>;
  struct Less {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return a.first != b.first ? a.first < b.first
                                : std::string_view(a.second) < std::string_view(b.second);
    }
  };

  const Item* Find(StatKind kind, std::string_view key) const;
  static void Push(Points& points, int max, const Point& point);
  wire::StatsSnapshot Window(const Item& item, const Points& points, bool bytes) const;

  const Clock& clock_;
  std::map<Key, Item, Less> items_;
  std::int64_t samples_ = 0;
};

}  // namespace comet::broker
