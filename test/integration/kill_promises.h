#pragma once

// What the world has been told by a broker that is killed again and again. Any thread.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/base/random.h"
#include "remoting/base/text.h"
#include "remoting/wire/properties.h"
#include "remoting/wire/record_reader.h"

namespace comet::broker {

inline constexpr int kQueues = 4;

struct Place {
  std::int64_t queue_offset = -1, log_offset = -1;
  bool operator==(const Place&) const = default;
};

// Messages: an acknowledged one is there, once, at its place.
class Promises {
 public:
  struct Message {
    std::string body, key;
    std::int32_t queue_id = 0;
  };

  Message NewMessage() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const auto number = sent_.size();
    Message message{Concat("message ", number, ' '), Concat("key", number),
                    static_cast<std::int32_t>(number % kQueues)};
    message.body.resize(message.body.size() + 50 + random_.Below(8000), '.');
    sent_.emplace(message.key, message);
    return message;
  }
  void Acked(const Message& message, Place place) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    acked_.emplace(message.key, place);
  }
  // A consumer, during the load or after a start, was given this message at this place.
  void Saw(const wire::RecordView& record) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const std::string key(wire::FindProperty(record.properties, "KEYS").value_or(""));
    const auto sent = sent_.find(key);
    ASSERT_NE(sent, sent_.end()) << "nobody sent " << key;
    ASSERT_EQ(sent->second.body, record.body);
    ASSERT_EQ(sent->second.queue_id, record.queue_id);
    const Place place{record.queue_offset, record.log_offset};
    const auto [seen, first] = seen_.emplace(key, place);
    ASSERT_EQ(seen->second, place) << key << " has moved, or is there twice";
    const auto [taken, free] = taken_.emplace(std::pair(record.queue_id, place.queue_offset), key);
    ASSERT_EQ(taken->second, key) << "an offset was given to another message";
  }
  // All queues have been read to their ends.
  void CheckAcked() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    for (const auto& [key, place] : acked_) {
      const auto seen = seen_.find(key);
      ASSERT_NE(seen, seen_.end()) << "lost: " << key;
      ASSERT_EQ(seen->second, place) << key;
    }
  }
  // Whatever consumers have seen or producers were told, and how many of it there were.
  std::map<std::string, Place> stored() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return seen_;
  }
  std::size_t acked() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return acked_.size();
  }
  std::uint32_t Below(std::uint32_t limit) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return random_.Below(limit);
  }

 private:
  mutable Mutex mutex_;
  Random random_ GUARDED_BY(mutex_){1};
  std::map<std::string, Message> sent_ GUARDED_BY(mutex_);
  std::map<std::string, Place> acked_ GUARDED_BY(mutex_), seen_ GUARDED_BY(mutex_);
  std::map<std::pair<std::int32_t, std::int64_t>, std::string> taken_ GUARDED_BY(mutex_);
};

// Delayed messages: an acknowledged one is delivered, perhaps twice after a kill.
class Deliveries {
 public:
  struct Message {
    std::string body, key;
  };

  Message NewMessage() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    Message message{Concat("later ", sent_.size()), Concat("later", sent_.size())};
    sent_.emplace(message.key, message.body);
    return message;
  }
  void Acked(const Message& message) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    ++acked_;
    missing_.insert(message.key);
  }
  void Saw(const wire::RecordView& record) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const std::string key(wire::FindProperty(record.properties, "KEYS").value_or(""));
    const auto sent = sent_.find(key);
    ASSERT_NE(sent, sent_.end()) << "nobody sent " << key;
    ASSERT_EQ(sent->second, record.body);
    missing_.erase(key);
  }
  std::size_t missing() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return missing_.size();
  }
  std::size_t acked() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return acked_;
  }

 private:
  mutable Mutex mutex_;
  std::map<std::string, std::string> sent_ GUARDED_BY(mutex_);  // key -> body
  std::set<std::string> missing_ GUARDED_BY(mutex_);            // acknowledged, not yet delivered
  std::size_t acked_ GUARDED_BY(mutex_) = 0;
};

// Consumer offsets: a kill takes back what was committed shortly before, never what a start has
// shown, and nothing is there that nobody committed.
class Commits {
 public:
  // flushConsumerOffsetInterval, and the time that the write may take.
  static constexpr std::int64_t kIntervalMs = 100;
  static constexpr auto kWrittenWithin = std::chrono::milliseconds(kIntervalMs + 4000);

  void Asked(std::int32_t queue, std::int64_t offset) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    Queue& one = queues_[queue];
    one.asked = std::max(one.asked, offset);
  }
  void Acked(std::int32_t queue, std::int64_t offset, MonoTime now) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    queues_[queue].acked.emplace_back(now, offset);
  }
  void Killed(MonoTime now) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    for (auto& [id, queue] : queues_) {
      for (const auto& [acked, offset] : queue.acked) {
        if (acked + kWrittenWithin > now) break;
        queue.least = std::max(queue.least, offset);
        ++due_;
      }
      queue.acked.clear();
    }
  }
  // A start has shown this; -1 for none.
  void ReadBack(std::int32_t id, std::int64_t offset) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    Queue& queue = queues_[id];
    EXPECT_LE(offset, queue.asked) << "nobody committed so much of queue " << id;
    EXPECT_GE(offset, queue.least) << "a commit of queue " << id << " is lost";
    queue.least = offset;
    queue.acked.clear();  // while it was being killed
  }
  std::int64_t due() const EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return due_;
  }

 private:
  struct Queue {
    std::int64_t asked = -1, least = -1;
    std::vector<std::pair<MonoTime, std::int64_t>> acked;  // since the start
  };
  mutable Mutex mutex_;
  std::map<std::int32_t, Queue> queues_ GUARDED_BY(mutex_);
  std::int64_t due_ GUARDED_BY(mutex_) = 0;  // commits that a kill must not take back
};

}  // namespace comet::broker
