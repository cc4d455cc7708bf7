#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "remoting/base/find_either.h"

namespace comet::wire {

// The properties of a message: `name 0x01 value 0x02 name 0x01 value 0x02 ...`. The last 0x02 may
// be missing (4.x writes none). Of equal names the last counts. As in RocketMQ a part shorter
// than three characters, or with an empty name or value, is no property.
inline constexpr char kNameEnd = '\x01', kPropertyEnd = '\x02';

// Names that brokers and clients give a meaning.
namespace property {
inline constexpr std::string_view kKeys = "KEYS";
inline constexpr std::string_view kTags = "TAGS";
inline constexpr std::string_view kUniqueKey = "UNIQ_KEY";
inline constexpr std::string_view kWait = "WAIT";
inline constexpr std::string_view kDelay = "DELAY";
inline constexpr std::string_view kRealTopic = "REAL_TOPIC";
inline constexpr std::string_view kRealQueueId = "REAL_QID";
inline constexpr std::string_view kRetryTopic = "RETRY_TOPIC";
inline constexpr std::string_view kOriginMessageId = "ORIGIN_MESSAGE_ID";
inline constexpr std::string_view kReconsumeTime = "RECONSUME_TIME";
inline constexpr std::string_view kMaxReconsumeTimes = "MAX_RECONSUME_TIMES";
inline constexpr std::string_view kDlqOriginTopic = "DLQ_ORIGIN_TOPIC";
inline constexpr std::string_view kDlqOriginMessageId = "DLQ_ORIGIN_MESSAGE_ID";
inline constexpr std::string_view kTransaction = "TRAN_MSG";
inline constexpr std::string_view kProducerGroup = "PGROUP";
inline constexpr std::string_view kTransactionId = "__transactionId__";
inline constexpr std::string_view kTimerDelaySec = "TIMER_DELAY_SEC";
inline constexpr std::string_view kTimerDelayMs = "TIMER_DELAY_MS";
inline constexpr std::string_view kTimerDeliverMs = "TIMER_DELIVER_MS";
inline constexpr std::string_view kInnerNum = "INNER_NUM";
inline constexpr std::string_view kInnerBase = "INNER_BASE";
inline constexpr std::string_view kMultiDispatch = "INNER_MULTI_DISPATCH";
inline constexpr std::string_view kCrc32 = "__CRC32#";
inline constexpr std::string_view kPopCk = "POP_CK";
inline constexpr std::string_view kRegion = "MSG_REGION";
inline constexpr std::string_view kTraceOn = "TRACE_ON";
inline constexpr std::string_view kCluster = "CLUSTER";
inline constexpr std::string_view kShardingKey = "__SHARDINGKEY";
inline constexpr std::string_view kInstanceId = "INSTANCE_ID";
inline constexpr std::string_view kMinOffset = "MIN_OFFSET";
inline constexpr std::string_view kMaxOffset = "MAX_OFFSET";
inline constexpr std::string_view kPriority = "_SYS_MSG_PRIORITY_";
inline constexpr std::string_view kMessageType = "MSG_TYPE";
}  // namespace property

struct Property {
  std::string_view name;
  std::string_view value;
};

// Walks the properties of a text, which must outlive it:
//   for (PropertyIterator it(text); auto property = it.Next();) ...
class PropertyIterator {
 public:
  explicit PropertyIterator(std::string_view text)
      : begin_(text.data()), end_(text.data() + text.size()), at_(begin_) {}

  std::optional<Property> Next() {
    while (at_ != end_) {
      const char* const name = at_;
      const char* const name_end = FindEither(begin_, name, end_, kNameEnd, kPropertyEnd);
      const char* const end = FindEither(begin_, name_end, end_, kPropertyEnd, kPropertyEnd);
      at_ = end == end_ ? end_ : end + 1;
      if (name_end != name && name_end < end && name_end + 1 != end) {
        return Property{{name, name_end}, {name_end + 1, end}};
      }
    }
    return std::nullopt;
  }

 private:
  const char* const begin_;
  const char* const end_;
  const char* at_;
};

// The value of the last property of that name.
std::optional<std::string_view> FindProperty(std::string_view text, std::string_view name);

// Whether name and value may be written: not empty, and free of the two separators.
bool IsLegalProperty(std::string_view name, std::string_view value);

// Appends one property, putting a separator in front if the text lacks its last one. The caller
// has checked IsLegalProperty and bounds the whole (record.h: kMaxPropertyBytes).
void AppendProperty(std::string_view name, std::string_view value, std::string* text);

// Takes every property of that name out of the text; true if there was one.
bool RemoveProperty(std::string_view name, std::string* text);

// Removes, then appends.
void SetProperty(std::string_view name, std::string_view value, std::string* text);

// Calls fn(key) for each of the blank-separated words of a KEYS value.
template <class Fn>
void ForEachKey(std::string_view keys, Fn&& fn) {
  while (!keys.empty()) {
    const std::size_t end = keys.find(' ');
    if (end != 0) fn(keys.substr(0, end));
    if (end == std::string_view::npos) return;
    keys.remove_prefix(end + 1);
  }
}

}  // namespace comet::wire
