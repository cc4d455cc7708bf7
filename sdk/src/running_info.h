#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/describe.h"
#include "remoting/wire/bodies/message_queue.h"
#include "remoting/wire/bodies/subscription_data.h"

namespace comet::client {

inline constexpr std::string_view kClientVersionName = "V5_3_3";  // whose protocol is spoken

// ConsumerRunningInfo: what a consumer answers to GET_CONSUMER_RUNNING_INFO. Times are ms since
// 1970; spelled as Java does.
struct OwnRunningInfo {
  struct Queue {
    std::int64_t commit_offset = 0;
    std::int64_t cached_min_offset = 0, cached_max_offset = 0, cached_count = 0, cached_mib = 0;
    std::int64_t transaction_min_offset = 0, transaction_max_offset = 0, transaction_count = 0;
    bool locked = false;
    std::int64_t try_unlock_times = 0, last_lock_ms = 0;
    bool dropped = false;
    std::int64_t last_pull_ms = 0, last_consume_ms = 0;

    static constexpr auto Fields() {
      using Q = Queue;
      constexpr auto kNo = Need::kOptional;
      return Declaration{
          F(&Q::commit_offset, "commitOffset", kNo, "Everything before is done."),
          F(&Q::cached_min_offset, "cachedMsgMinOffset", kNo, "First in memory."),
          F(&Q::cached_max_offset, "cachedMsgMaxOffset", kNo, "Last in memory."),
          F(&Q::cached_count, "cachedMsgCount", kNo, "Messages in memory."),
          F(&Q::cached_mib, "cachedMsgSizeInMiB", kNo, "Their size."),
          F(&Q::transaction_min_offset, "transactionMsgMinOffset", kNo, "Unused."),
          F(&Q::transaction_max_offset, "transactionMsgMaxOffset", kNo, "Unused."),
          F(&Q::transaction_count, "transactionMsgCount", kNo, "Unused."),
          F(&Q::locked, "locked", kNo, "Ordered: the broker's grant is valid."),
          F(&Q::try_unlock_times, "tryUnlockTimes", kNo, "Unused."),
          F(&Q::last_lock_ms, "lastLockTimestamp", kNo, "Last grant."),
          F(&Q::dropped, "droped", kNo, "The queue belongs to somebody else."),
          F(&Q::last_pull_ms, "lastPullTimestamp", kNo, "Last request for messages."),
          F(&Q::last_consume_ms, "lastConsumeTimestamp", kNo, "Last call of a handler.")};
    }
  };
  struct Status {
    double pull_rt = 0, pull_tps = 0, consume_rt = 0, ok_tps = 0, failed_tps = 0;
    std::int64_t failed = 0;

    static constexpr auto Fields() {
      using S = Status;
      constexpr auto kNo = Need::kOptional;
      return Declaration{F(&S::pull_rt, "pullRT", kNo, "ms a pull takes."),
                         F(&S::pull_tps, "pullTPS", kNo, "Messages pulled a second."),
                         F(&S::consume_rt, "consumeRT", kNo, "ms a handler takes."),
                         F(&S::ok_tps, "consumeOKTPS", kNo, "Messages done a second."),
                         F(&S::failed_tps, "consumeFailedTPS", kNo, "Messages failed a second."),
                         F(&S::failed, "consumeFailedMsgs", kNo, "Messages failed.")};
    }
  };

  std::map<std::string, std::string> properties;
  std::vector<wire::SubscriptionData> subscriptions;
  std::map<wire::MessageQueue, Queue> queues;
  std::map<std::string, Status> statuses;  // by topic
  std::string stacks;

  static constexpr auto Fields() {
    using R = OwnRunningInfo;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&R::properties, "properties", kNo, "Settings and times."),
                       F(&R::subscriptions, "subscriptionSet", kNo, "What it subscribes to."),
                       F(&R::queues, "mqTable", kNo, "Its queues."),
                       F(&R::statuses, "statusTable", kNo, "Figures by topic."),
                       F(&R::stacks, "jstack", kNo, "Empty: this is no Java.")};
  }
};

}  // namespace comet::client
