#include "console/cli/running_text.h"

#include <array>
#include <set>

#include "console/cli/output.h"
#include "console/cli/table.h"
#include "remoting/base/json_writer.h"
#include "remoting/base/text.h"

namespace comet::cli {
namespace {

constexpr std::string_view kQueueHead = "%-64s  %-32s  %-4s  %-20s\n";
constexpr std::string_view kOffsetLine = "%-32s  %-32s  %-4s  %-20s\n";
constexpr std::string_view kQueueLine = "%-64s  %-32s  %-4s  %s\n";
constexpr std::string_view kPopHead = "%-32s  %-32s  %-4s  %-20s\n";
constexpr std::string_view kPopLine = "%-32s  %-32s  %-4s  %s\n";
constexpr std::string_view kRateHead = "%-64s  %14s %14s %14s %14s %18s %25s\n";
constexpr std::string_view kRateLine = "%-32s  %14s %14s %14s %14s %18s %25s\n";

constexpr std::array<std::string_view, 14> kQueueFields{"commitOffset",
                                                        "cachedMsgMinOffset",
                                                        "cachedMsgMaxOffset",
                                                        "cachedMsgCount",
                                                        "cachedMsgSizeInMiB",
                                                        "transactionMsgMinOffset",
                                                        "transactionMsgMaxOffset",
                                                        "transactionMsgCount",
                                                        "locked",
                                                        "tryUnlockTimes",
                                                        "lastLockTimestamp",
                                                        "droped",
                                                        "lastPullTimestamp",
                                                        "lastConsumeTimestamp"};

std::string Plain(const Json* value) {
  if (value == nullptr) return "0";
  if (const std::string* text = value->AsString()) return *text;
  std::string text;
  AppendJson(&text, *value, JsonStyle::kFastjson);
  return text;
}

std::int64_t NumberIn(const Json& object, std::string_view name) {
  const Json* value = object.Find(name);
  if (value == nullptr) return 0;
  return value->AsInteger() != nullptr ? *value->AsInteger() : 0;
}

double DecimalIn(const Json& object, std::string_view name) {
  const Json* value = object.Find(name);
  if (value == nullptr) return 0;
  if (const double* number = value->AsDouble()) return *number;
  return static_cast<double>(NumberIn(object, name));
}

bool IsTrue(const Json& object, std::string_view name) {
  const Json* value = object.Find(name);
  return value != nullptr && value->AsBool() != nullptr && *value->AsBool();
}

// 20260301102030123, local time
std::string Digits(std::int64_t epoch_ms) {
  std::string digits;
  for (const char c : HumanTimeMs(epoch_ms)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  return digits;
}

std::string QueueState(const Json& state) {
  std::string text;
  for (const std::string_view field : kQueueFields) {
    const bool time = field.ends_with("Timestamp");
    const bool truth = field == "locked" || field == "droped";
    const std::string value = time    ? Digits(NumberIn(state, field))
                              : truth ? Concat(IsTrue(state, field))
                                      : Plain(state.Find(field));
    text += Concat(text.empty() ? "" : ", ", field, "=", value);
  }
  return Concat("ProcessQueueInfo [", text, "]");
}

std::string PopState(const Json& state) {
  return Concat("PopProcessQueueInfo [waitAckCount:", NumberIn(state, "waitAckCount"),
                ", droped:", IsTrue(state, "droped"),
                ", lastPopTimestamp:", NumberIn(state, "lastPopTimestamp"), "]");
}

std::string Pairs(const std::map<std::string, Json>& table) {
  std::string text;
  for (const auto& [name, value] : table) text += Row("%-40s: %s\n", {name, Plain(&value)});
  return text;
}

std::string Subscriptions(const client::RunningInfo& info) {
  std::string text;
  int index = 0;
  for (const wire::SubscriptionData& one : info.subscriptions) {
    ++index;
    text += Concat(index < 10 ? "00" : (index < 100 ? "0" : ""), index,
                   Row(" Topic: %-40s ClassFilter: %-8s SubExpression: %s\n",
                       {one.topic, Concat(one.class_filter), one.expression}));
  }
  return text;
}

std::string Queues(const client::RunningInfo& info) {
  std::string text = "\n\n#Consumer Offset#\n" +
                     Row(kQueueHead, {"#Topic", "#Broker Name", "#QID", "#Consumer Offset"});
  for (const auto& [queue, state] : info.queues) {
    text += Row(kOffsetLine, {queue.topic, queue.broker_name, Concat(queue.queue_id),
                              Plain(state.Find("commitOffset"))});
  }
  text += "\n\n#Consumer MQ Detail#\n" +
          Row(kQueueHead, {"#Topic", "#Broker Name", "#QID", "#ProcessQueueInfo"});
  for (const auto& [queue, state] : info.queues) {
    text += Row(kQueueLine,
                {queue.topic, queue.broker_name, Concat(queue.queue_id), QueueState(state)});
  }
  text += "\n\n#Consumer Pop Detail#\n" +
          Row(kPopHead, {"#Topic", "#Broker Name", "#QID", "#ProcessQueueInfo"});
  for (const auto& [queue, state] : info.pop_queues) {
    text +=
        Row(kPopLine, {queue.topic, queue.broker_name, Concat(queue.queue_id), PopState(state)});
  }
  return text;
}

std::string Rates(const client::RunningInfo& info) {
  std::string text =
      "\n\n#Consumer RT&TPS#\n" +
      Row(kRateHead, {"#Topic", "#Pull RT", "#Pull TPS", "#Consume RT", "#ConsumeOK TPS",
                      "#ConsumeFailed TPS", "#ConsumeFailedMsgsInHour"});
  for (const auto& [topic, rate] : info.rates) {
    text += Row(kRateLine,
                {topic, Fixed(DecimalIn(rate, "pullRT"), 2), Fixed(DecimalIn(rate, "pullTPS"), 2),
                 Fixed(DecimalIn(rate, "consumeRT"), 2), Fixed(DecimalIn(rate, "consumeOKTPS"), 2),
                 Fixed(DecimalIn(rate, "consumeFailedTPS"), 2),
                 Concat(NumberIn(rate, "consumeFailedMsgs"))});
  }
  return text;
}

std::string Blocked(const std::string& client_id, const client::RunningInfo& info,
                    std::int64_t now_ms) {
  constexpr std::int64_t kPatienceMs = 60'000;
  const bool ordered = info.Property("PROP_CONSUMEORDERLY") == "true";
  std::string text;
  for (const auto& [queue, state] : info.queues) {
    const std::string who =
        Concat(client_id, " MessageQueue [topic=", queue.topic, ", brokerName=", queue.broker_name,
               ", queueId=", queue.queue_id, "]");
    const std::int64_t idle_ms = now_ms - NumberIn(state, "lastConsumeTimestamp");
    const std::int64_t tries = NumberIn(state, "tryUnlockTimes");
    if (ordered && !IsTrue(state, "locked")) {
      text += Concat(who, " can't lock for a while, ",
                     now_ms - NumberIn(state, "lastLockTimestamp"), "ms\n");
    } else if (ordered && IsTrue(state, "droped") && tries > 0) {
      text += Concat(who, " unlock ", tries, " times, still failed\n");
    } else if (!ordered && idle_ms > kPatienceMs && NumberIn(state, "cachedMsgCount") > 0) {
      text += Concat(who, " can't consume for a while, maybe blocked, ", idle_ms, "ms\n");
    }
  }
  return text;
}

std::map<std::string, std::string> Wanted(const client::RunningInfo& info) {
  std::map<std::string, std::string> wanted;
  for (const wire::SubscriptionData& one : info.subscriptions) {
    wanted[one.topic] = Concat(one.expression_type, " ", one.expression);
  }
  return wanted;
}

}  // namespace

std::string TextOf(const client::RunningInfo& info) {
  std::string text =
      Concat("#Consumer Properties#\n", Pairs(info.properties), "\n\n#Consumer Subscription#\n",
             Subscriptions(info), Queues(info), Rates(info));
  text +=
      Concat("\n\n#User Consume Info#\n", info.user_info ? Pairs(*info.user_info) : std::string());
  if (info.stacks) text += Concat("\n\n#Consumer jstack#\n", *info.stacks);
  return text;
}

Json JsonOf(const client::RunningInfo& info) {
  return Parsed(ToJson(info, JsonStyle::kFastjson));
}

GroupCheck CheckGroup(const std::map<std::string, client::RunningInfo>& clients, bool broadcast,
                      std::int64_t now_ms) {
  GroupCheck check;
  std::set<wire::MessageQueue> held;
  for (const auto& [client_id, info] : clients) {
    if (Wanted(info) != Wanted(clients.begin()->second)) check.same_subscriptions = false;
    for (const auto& [queue, state] : info.queues) {
      if (IsTrue(state, "droped")) continue;
      if (!held.insert(queue).second && !broadcast) check.balanced = false;
    }
    if (info.Property("PROP_CONSUME_TYPE") == "CONSUME_PASSIVELY") {
      check.blocked += Blocked(client_id, info, now_ms);
    }
  }
  return check;
}

}  // namespace comet::cli
