#include "broker/stats/loop_stats.h"

#include <utility>

#include "remoting/wire/names.h"

namespace comet::broker {

LoopStats::Place& LoopStats::PlaceOf(const store::QueueSlot& queue) {
  if (&queue == last_queue_) return *last_place_;
  const auto [at, is_new] = now_->puts.try_emplace(&queue);
  if (is_new) at->second.of_users = !wire::IsSystemTopic(queue.topic());
  last_queue_ = &queue;
  last_place_ = &at->second;
  return at->second;
}

LoopStats::Place& LoopStats::PlaceOf(std::string_view topic, std::string_view group) {
  key_.assign(topic).append("@").append(group);
  const auto known = now_->gets.find(std::string_view(key_));
  if (known != now_->gets.end()) return known->second;
  Place& place = now_->gets[key_];
  place.of_users = !wire::IsSystemTopic(topic);
  return place;
}

void LoopStats::Sent(const store::QueueSlot& queue, std::int64_t messages, std::int64_t bytes,
                     Duration took) {
  Place& place = PlaceOf(queue);
  place.amount.Add({messages, 1, bytes});
  totals_.put_messages.Add(messages);
  if (place.of_users) totals_.user_put_messages.Add(messages);
  const auto us = took / std::chrono::microseconds(1);
  if (us != put_us_) FlushPutTimes();
  put_us_ = us;
  ++same_puts_;
}

void LoopStats::FlushPutTimes() {
  if (same_puts_ > 0) now_->put_us.Add(put_us_, std::exchange(same_puts_, 0));
}

void LoopStats::Found(std::string_view topic, std::string_view group, std::int64_t messages,
                      std::int64_t bytes) {
  Place& place = PlaceOf(topic, group);
  place.amount.Add({messages, 1, bytes});
  totals_.found.Add();
  totals_.get_messages.Add(messages);
  if (place.of_users) totals_.user_get_messages.Add(messages);
}

std::unique_ptr<LoopStats::Delta> LoopStats::Take() {
  FlushPutTimes();
  last_queue_ = nullptr;
  return std::exchange(now_, std::make_unique<Delta>());
}

}  // namespace comet::broker
