#include "test/golden/replay/differences.h"

#include <algorithm>
#include <regex>
#include <sstream>

namespace comet::golden {
namespace {

using From = Difference::From;

// A Java exception for a remark says nothing to a client of ours; these say what was wrong.
constexpr std::string_view kNoStackTrace = "says what was wrong; Apache shows a Java exception";
constexpr std::string_view kNoField =
    "says what was wrong; 5.3.3 shows a Java exception, 4.9.7 speaks of a blank topic";
constexpr std::string_view kTagsOnly =
    "filters by tags only, and says so as Apache's broker with enablePropertyFilter=false";
constexpr std::string_view kTotals = "serves pages and tells the total, as 5.4 and later do";
constexpr std::string_view kNoGroup = "every name of a request is checked, the group too";

constexpr Difference kDifferences[] = {
    {.scenario = "no-extfields-send",
     .code = 1,
     .remark = "SEND_MESSAGE: field producerGroup is missing",
     .reason = kNoField},
    {.scenario = "send-missing-topicfield",
     .code = 1,
     .remark = "SEND_MESSAGE: field topic is missing",
     .reason = kNoField},
    {.scenario = "send-missing-queueid",
     .code = 1,
     .remark = "SEND_MESSAGE: field queueId is missing",
     .reason = kNoStackTrace},
    {.scenario = "send-missing-group",
     .code = 1,
     .remark = "SEND_MESSAGE: field producerGroup is missing",
     .reason = kNoGroup},
    {.scenario = "send-bad-number",
     .code = 1,
     .remark = "SEND_MESSAGE: field queueId: 'abc' is not a number",
     .reason = kNoStackTrace},
    {.scenario = "send-empty-body",
     .code = 13,
     .remark = "the message is illegal, its body is empty",
     .reason = "MESSAGE_ILLEGAL; 5.3.3 shows a Java exception, 4.9.7 stores what no client reads",
     .ext = "MSG_REGION TRACE_ON"},
    {.scenario = "batch-empty",
     .code = 13,
     .remark = "the message is illegal, its body is empty",
     .reason = kNoStackTrace,
     .ext = "MSG_REGION TRACE_ON"},
    {.scenario = "batch-garbage",
     .code = 13,
     .remark = "the message is illegal: batch body: batch element 0: element too short",
     .reason = kNoStackTrace,
     .ext = "MSG_REGION TRACE_ON"},
    {.scenario = "pull-missing-queueid",
     .code = 1,
     .remark = "PULL_MESSAGE: field queueId is missing",
     .reason = kNoStackTrace},
    {.scenario = "pull-missing-group",
     .code = 1,
     .remark = "PULL_MESSAGE: field consumerGroup is missing",
     .reason = kNoStackTrace},
    {.scenario = "pull-bad-sql",
     .code = 1,
     .remark = "The broker does not support consumer to filter message by SQL92",
     .reason = kTagsOnly,
     .ext = "-"},
    {.scenario = "pull-sql-ok",
     .code = 1,
     .remark = "The broker does not support consumer to filter message by SQL92",
     .reason = kTagsOnly,
     .ext = "-"},
    {.scenario = "pull-unknown-exprtype",
     .code = 1,
     .remark = "The broker does not support consumer to filter message by XYZ",
     .reason = kTagsOnly,
     .ext = "-"},
    {.scenario = "check-client-config-badsql",
     .code = 1,
     .remark = "The broker does not support consumer to filter message by SQL92",
     .reason = kTagsOnly},
    {.scenario = "check-client-config-ok",
     .code = 1,
     .remark = "The broker does not support consumer to filter message by SQL92",
     .reason = kTagsOnly},
    {.scenario = "view-bad-offset",
     .code = 1,
     .remark = "can not find message by the offset, 13",
     .reason = "what is not a record is not sent as one"},
    {.scenario = "consumer-list-missing-field",
     .code = 1,
     .remark = "GET_CONSUMER_LIST_BY_GROUP: field consumerGroup is missing",
     .reason = kNoStackTrace},
    {.scenario = "lock-no-body",
     .code = 1,
     .remark = "JSON: nothing where an object belongs",
     .reason = kNoStackTrace},
    {.scenario = "create-topic-missing-perm",
     .code = 1,
     .remark = "UPDATE_AND_CREATE_TOPIC: field perm is missing",
     .reason = kNoStackTrace},
    {.scenario = "all-topic-config", .reason = kTotals, .ext = "totalTopicNum", .has_body = true},
    {.scenario = "all-topic-config-paged",
     .reason = kTotals,
     .ext = "totalTopicNum",
     .has_body = true},
    {.scenario = "all-group", .reason = kTotals, .ext = "totalGroupNum", .has_body = true},
    {.scenario = "heartbeat-garbage",
     .code = 1,
     .remark = "heartbeat: JSON at byte 0: expected a value",
     .reason = kNoStackTrace},
    {.scenario = "heartbeat-empty",
     .code = 1,
     .remark = "heartbeat: JSON: nothing where an object belongs",
     .reason = kNoStackTrace},
    {.scenario = "update-config-unknown-key",
     .code = 29,
     .remark = "noSuchKey: unknown key",
     .reason = "what is misspelled is not taken for set"},
    {.scenario = "ns-dataversion",
     .from = From::k533,
     .code = 0,
     .reason = "the version is told to whoever asks, as 4.9.7 does; the recorded 5.3.3 had lost it",
     .ext = "changed",
     .has_body = true},
};

constexpr std::string_view kSendReply = "tells the unique key as transactionId";
constexpr std::string_view kInvalidParameter = "INVALID_PARAMETER, not SYSTEM_ERROR";
constexpr std::string_view kPullReply = "topicSysFlag and groupSysFlag";
constexpr std::string_view kFaqAddress = "today's address of the FAQ";
constexpr std::string_view kNotFound = "an unknown offset is QUERY_NOT_FOUND, not 0";
constexpr std::string_view kCommitChecked = "a commit is checked before it is kept";
constexpr std::string_view kHeartbeat = "says that it knows the second form of heartbeats";
constexpr std::string_view kAnswers = "answers what it does not know, 4.9.7 is silent";
constexpr std::string_view kNewCode = "knows the code";

constexpr Newer kNewer[] = {
    {"unknown-code-ns", kAnswers},
    {"send-ok", kSendReply},
    {"send-v1-ok", kSendReply},
    {"send-numbers-not-strings", kSendReply},
    {"send-no-autocreate", kFaqAddress},
    {"send-illegal-topic", kInvalidParameter},
    {"send-long-topic", kInvalidParameter},
    {"send-tbw102", kSendReply},
    {"send-bad-queueid", kInvalidParameter},
    {"send-negative-queueid", kSendReply},
    {"send-retry-topic-nogroup", kSendReply},
    {"send-readonly-topic", kSendReply},
    {"pull-writeonly-topic", "forbiddenType"},
    {"pull-ok", kPullReply},
    {"litepull-361", kNewCode},
    {"pull-topic-not-exist", kFaqAddress},
    {"pull-group-disabled", "forbiddenType"},
    {"pull-offset-too-large", kPullReply},
    {"pull-offset-negative", kPullReply},
    {"pull-offset-at-max-nosuspend", kPullReply},
    {"pull-offset-at-max-suspend", kPullReply},
    {"pull-empty-queue", kPullReply},
    {"pull-empty-queue-offset5", kPullReply},
    {"pull-bad-queue", kInvalidParameter},
    {"pull-no-subscription", kFaqAddress},
    {"pull-nothing-matches", kPullReply},
    {"query-offset-missing", kNotFound},
    {"query-offset-missing-setzero-false", kNotFound},
    {"query-offset-notopic", kNotFound},
    {"update-offset-notopic", kCommitChecked},
    {"update-offset-nogroup", kCommitChecked},
    {"update-offset-noqueue", kCommitChecked},
    {"min-offset-notopic", "an empty remark"},
    {"create-topic-illegal", kInvalidParameter},
    {"create-topic-blank", kInvalidParameter},
    {"create-topic-long", kInvalidParameter},
    {"create-topic-system", kInvalidParameter},
    {"create-topic-bad-attr", "topics have attributes"},
    {"delete-topic-system", kInvalidParameter},
    {"delete-topic-blank", kInvalidParameter},
    {"get-topic-config", kNewCode},
    {"get-topic-config-missing", kNewCode},
    {"get-group-config", kNewCode},
    {"get-group-config-missing", kNewCode},
    {"topics-by-consumer", kNewCode},
    {"subscription-by-consumer", kNewCode},
    {"update-config-blacklist", "keys that no request may change"},
    {"ha-status", kNewCode},
    {"heartbeat-no-fields", kHeartbeat},
    {"heartbeat-v2-sequence", kHeartbeat},
    {"ns-route-missing", kFaqAddress},
    {"ns-route-nofield", kFaqAddress},
    {"ns-member-group", kNewCode},
    {"ns-member-group-missing", kNewCode},
    {"ns-update-config-bad", "one remark for every key that no request may change"},
};

constexpr NotBuilt kNotBuilt[] = {
    {37, "END_TRANSACTION", "transactions"},
    {60, "GET_TIMER_CHECK_POINT", "timer messages"},
    {61, "GET_TIMER_METRICS", "timer messages"},
    {370, "RECALL_MESSAGE", "timer messages"},
    {400, "QUERY_ASSIGNMENT", "POP consumption"},
    {402, "GET_ALL_MESSAGE_REQUEST_MODE", "POP consumption"},
    {200050, "POP_MESSAGE", "POP consumption"},
    {200051, "ACK_MESSAGE", "POP consumption"},
    {200052, "PEEK_MESSAGE", "POP consumption"},
    {200054, "NOTIFICATION", "POP consumption"},
    {200055, "POLLING_INFO", "POP consumption"},
};

std::string WithoutAddresses(const std::string& remark) {
  static const std::regex kAddress(R"(\d{1,3}(\.\d{1,3}){3}:\d+)");
  return std::regex_replace(remark, kAddress, "<address>");
}

template <class Map>
std::optional<std::set<std::string>> KeysOf(const std::optional<Map>& fields) {
  if (!fields) return std::nullopt;
  std::set<std::string> keys;
  for (const auto& [key, value] : *fields) keys.insert(key);
  return keys;
}

template <class Frame>
Outcome Compared(const Frame& frame) {
  Outcome outcome{frame.code, frame.remark, KeysOf(frame.ext), !frame.body.empty()};
  if (outcome.remark) outcome.remark = WithoutAddresses(*outcome.remark);
  return outcome;
}

}  // namespace

Outcome OutcomeOf(const GoldenFrame& recorded) {
  return Compared(recorded);
}

Outcome OutcomeOf(const Reply& reply) {
  return Compared(reply);
}

bool Difference::Holds(std::string_view version) const {
  return from == From::kBoth || (from == From::k497) == (version == "4.9.7");
}

Outcome Difference::outcome() const {
  Outcome outcome{code, std::nullopt, std::nullopt, has_body};
  if (!remark.empty()) outcome.remark = std::string(remark);
  if (ext.empty()) return outcome;
  outcome.ext.emplace();
  if (ext == "-") return outcome;
  std::istringstream words{std::string(ext)};
  for (std::string word; words >> word;) outcome.ext->insert(word);
  return outcome;
}

std::span<const Difference> Differences() {
  return kDifferences;
}

std::span<const Newer> AnsweredAsNewer() {
  return kNewer;
}

std::span<const NotBuilt> CodesNotBuilt() {
  return kNotBuilt;
}

const Difference* FindDifference(std::string_view version, std::string_view scenario) {
  const auto found = std::ranges::find_if(kDifferences, [&](const auto& one) {
    return one.scenario == scenario && one.Holds(version);
  });
  return found == std::end(kDifferences) ? nullptr : found;
}

const Newer* FindNewer(std::string_view scenario) {
  const auto found = std::ranges::find(kNewer, scenario, &Newer::scenario);
  return found == std::end(kNewer) ? nullptr : found;
}

const NotBuilt* FindNotBuilt(std::int32_t code) {
  const auto found = std::ranges::find(kNotBuilt, code, &NotBuilt::code);
  return found == std::end(kNotBuilt) ? nullptr : found;
}

}  // namespace comet::golden
