#include "remoting/wire/response_code.h"

#include <algorithm>

namespace comet::wire {
namespace {

constexpr ResponseCodeEntry kEntries[] = {
    {ResponseCode::kSuccess, "SUCCESS", "Done."},
    {ResponseCode::kSystemError, "SYSTEM_ERROR",
     "The request could not be carried out; the remark says why."},
    {ResponseCode::kSystemBusy, "SYSTEM_BUSY", "Too much to do; try again later."},
    {ResponseCode::kRequestCodeNotSupported, "REQUEST_CODE_NOT_SUPPORTED",
     "Nobody here serves this request."},
    {ResponseCode::kTransactionFailed, "TRANSACTION_FAILED", "The transaction failed."},
    {ResponseCode::kFlushDiskTimeout, "FLUSH_DISK_TIMEOUT",
     "Stored, but not known to be on disk in time."},
    {ResponseCode::kSlaveNotAvailable, "SLAVE_NOT_AVAILABLE",
     "Stored, but there is no slave to copy it to."},
    {ResponseCode::kFlushSlaveTimeout, "FLUSH_SLAVE_TIMEOUT",
     "Stored, but not known to be on a slave in time."},
    {ResponseCode::kMessageIllegal, "MESSAGE_ILLEGAL",
     "The message breaks a rule: size, properties or topic."},
    {ResponseCode::kServiceNotAvailable, "SERVICE_NOT_AVAILABLE",
     "The store does not take messages now."},
    {ResponseCode::kVersionNotSupported, "VERSION_NOT_SUPPORTED",
     "The client is too old or too new."},
    {ResponseCode::kNoPermission, "NO_PERMISSION", "Not allowed."},
    {ResponseCode::kTopicNotExist, "TOPIC_NOT_EXIST", "There is no such topic here."},
    {ResponseCode::kTopicExistAlready, "TOPIC_EXIST_ALREADY", "The topic exists already."},
    {ResponseCode::kPullNotFound, "PULL_NOT_FOUND", "No message at that offset yet."},
    {ResponseCode::kPullRetryImmediately, "PULL_RETRY_IMMEDIATELY",
     "Nothing matched; go on at the offset given."},
    {ResponseCode::kPullOffsetMoved, "PULL_OFFSET_MOVED",
     "The offset is outside the queue; go on at the one given."},
    {ResponseCode::kQueryNotFound, "QUERY_NOT_FOUND", "Nothing found."},
    {ResponseCode::kSubscriptionParseFailed, "SUBSCRIPTION_PARSE_FAILED",
     "The filter expression is wrong."},
    {ResponseCode::kSubscriptionNotExist, "SUBSCRIPTION_NOT_EXIST",
     "The group has not subscribed to this."},
    {ResponseCode::kSubscriptionNotLatest, "SUBSCRIPTION_NOT_LATEST",
     "The broker has an older subscription than the client."},
    {ResponseCode::kSubscriptionGroupNotExist, "SUBSCRIPTION_GROUP_NOT_EXIST",
     "There is no such group."},
    {ResponseCode::kFilterDataNotExist, "FILTER_DATA_NOT_EXIST",
     "No filter is compiled for the group."},
    {ResponseCode::kFilterDataNotLatest, "FILTER_DATA_NOT_LATEST",
     "The compiled filter is older than the client's."},
    {ResponseCode::kInvalidParameter, "INVALID_PARAMETER",
     "A field of the request has a value that cannot be."},
    {ResponseCode::kTransactionShouldCommit, "TRANSACTION_SHOULD_COMMIT", "Commit."},
    {ResponseCode::kTransactionShouldRollback, "TRANSACTION_SHOULD_ROLLBACK", "Roll back."},
    {ResponseCode::kTransactionStateUnknown, "TRANSACTION_STATE_UNKNOW", "Undecided."},
    {ResponseCode::kTransactionStateGroupWrong, "TRANSACTION_STATE_GROUP_WRONG",
     "The transaction belongs to another group."},
    {ResponseCode::kNoBuyerId, "NO_BUYER_ID", "The message has no buyer id."},
    {ResponseCode::kNotInCurrentUnit, "NOT_IN_CURRENT_UNIT",
     "The message belongs to another unit."},
    {ResponseCode::kConsumerNotOnline, "CONSUMER_NOT_ONLINE",
     "No member of the group is connected."},
    {ResponseCode::kConsumeMessageTimeout, "CONSUME_MSG_TIMEOUT",
     "The client did not answer in time."},
    {ResponseCode::kNoMessage, "NO_MESSAGE", "There is no message at that offset."},
    {ResponseCode::kPollingFull, "POLLING_FULL", "Too many are waiting already."},
    {ResponseCode::kPollingTimeout, "POLLING_TIMEOUT", "Waited, and nothing came."},
    {ResponseCode::kBrokerNotExist, "BROKER_NOT_EXIST", "There is no such broker."},
    {ResponseCode::kBrokerDispatchNotComplete, "BROKER_DISPATCH_NOT_COMPLETE",
     "The queues are not built up to the log's end yet."},
    {ResponseCode::kBroadcastConsumption, "BROADCAST_CONSUMPTION",
     "The group broadcasts, so there is no common progress."},
    {ResponseCode::kFlowControl, "FLOW_CONTROL", "Slow down."},
    {ResponseCode::kNotLeaderForQueue, "NOT_LEADER_FOR_QUEUE", "Another broker leads this queue."},
    {ResponseCode::kIllegalOperation, "ILLEGAL_OPERATION",
     "The request makes no sense in this state."},
    {ResponseCode::kGoAway, "GO_AWAY", "The server is stopping; connect again."},
    {ResponseCode::kLmqQuotaExceeded, "LMQ_QUOTA_EXCEEDED", "Too many light queues."},
};

static_assert(std::ranges::is_sorted(kEntries, {}, &ResponseCodeEntry::code));

}  // namespace

std::span<const ResponseCodeEntry> ResponseCodes() {
  return kEntries;
}

std::string_view ResponseCodeName(std::int32_t code) {
  const auto* found = std::ranges::lower_bound(kEntries, code, {}, &ResponseCodeEntry::code);
  return found != std::end(kEntries) && found->code == code ? found->name : "UNKNOWN";
}

}  // namespace comet::wire
