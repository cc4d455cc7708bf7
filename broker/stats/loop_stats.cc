#include "broker/stats/loop_stats.h"

#include <utility>

#include "remoting/wire/names.h"

namespace comet::broker {

void LoopStats::Sent(const store::QueueSlot& queue, std::int64_t messages, std::int64_t bytes,
                     Duration took) {
  now_->puts[&queue].Add({messages, 1, bytes});
  totals_.put_messages.Add(messages);
  if (!wire::IsSystemTopic(queue.topic())) totals_.user_put_messages.Add(messages);
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
  key_.assign(topic).append("@").append(group);
  const auto known = now_->gets.find(std::string_view(key_));
  Amount& place = known != now_->gets.end() ? known->second : now_->gets[key_];
  place.Add({messages, 1, bytes});
  totals_.found.Add();
  totals_.get_messages.Add(messages);
  if (!wire::IsSystemTopic(topic)) totals_.user_get_messages.Add(messages);
}

std::unique_ptr<LoopStats::Delta> LoopStats::Take() {
  FlushPutTimes();
  return std::exchange(now_, std::make_unique<Delta>());
}

}  // namespace comet::broker
