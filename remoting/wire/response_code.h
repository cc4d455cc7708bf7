#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace comet::wire {

// Codes of replies, RocketMQ's. A reply with an error code may still carry fields and a body.
struct ResponseCode {
  enum : std::int32_t {
    kSuccess = 0,
    kSystemError = 1,
    kSystemBusy = 2,
    kRequestCodeNotSupported = 3,
    kTransactionFailed = 4,
    kFlushDiskTimeout = 10,
    kSlaveNotAvailable = 11,
    kFlushSlaveTimeout = 12,
    kMessageIllegal = 13,
    kServiceNotAvailable = 14,
    kVersionNotSupported = 15,
    kNoPermission = 16,
    kTopicNotExist = 17,
    kTopicExistAlready = 18,
    kPullNotFound = 19,
    kPullRetryImmediately = 20,
    kPullOffsetMoved = 21,
    kQueryNotFound = 22,
    kSubscriptionParseFailed = 23,
    kSubscriptionNotExist = 24,
    kSubscriptionNotLatest = 25,
    kSubscriptionGroupNotExist = 26,
    kFilterDataNotExist = 27,
    kFilterDataNotLatest = 28,
    kInvalidParameter = 29,
    kTransactionShouldCommit = 200,
    kTransactionShouldRollback = 201,
    kTransactionStateUnknown = 202,
    kTransactionStateGroupWrong = 203,
    kNoBuyerId = 204,
    kNotInCurrentUnit = 205,
    kConsumerNotOnline = 206,
    kConsumeMessageTimeout = 207,
    kNoMessage = 208,
    kPollingFull = 209,
    kPollingTimeout = 210,
    kBrokerNotExist = 211,
    kBrokerDispatchNotComplete = 212,
    kBroadcastConsumption = 213,
    kFlowControl = 215,
    kNotLeaderForQueue = 501,
    kIllegalOperation = 604,
    kGoAway = 1500,
    kLmqQuotaExceeded = 2017,
  };
};

struct ResponseCodeEntry {
  std::int32_t code;
  std::string_view name;
  std::string_view sentence;
};

// All of them, in order of the code; for documentation and logs.
std::span<const ResponseCodeEntry> ResponseCodes();

// "TOPIC_NOT_EXIST"; "UNKNOWN" for a code that is not listed.
std::string_view ResponseCodeName(std::int32_t code);

// What RocketMQ appends to some remarks.
inline constexpr std::string_view kFaqSuffix =
    "\nSee https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details.";

}  // namespace comet::wire
