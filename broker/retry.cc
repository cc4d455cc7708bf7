#include "broker/retry.h"

#include <algorithm>

#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/message_id.h"
#include "remoting/wire/names.h"
#include "remoting/wire/properties.h"

namespace comet::broker {
namespace {

namespace property = wire::property;

constexpr std::int32_t kFirstRetryLevel = 3;  // of the delay levels, as consumers expect

void SetIfMissing(std::string_view name, std::string_view value, std::string* text) {
  if (!value.empty() && !wire::FindProperty(*text, name)) {
    wire::AppendProperty(name, value, text);
  }
}

}  // namespace

StatusOr<std::unique_ptr<RetryMessage>> MakeRetry(const wire::RecordView& record,
                                                  const RetryRules& rules,
                                                  const store::DelayTable& delays,
                                                  const wire::Host& store_host) {
  auto retry = std::make_unique<RetryMessage>();
  auto& text = retry->properties;
  text = record.properties;
  const auto record_id = wire::FormatMessageId(record.store_host, record.log_offset);
  SetIfMissing(property::kRetryTopic, record.topic, &text);
  SetIfMissing(property::kOriginMessageId, record_id, &text);
  wire::SetProperty(property::kWait, "false", &text);

  retry->dead_letter = record.reconsume_times >= rules.times_max || rules.delay_level < 0;
  std::int64_t level = 0;
  if (retry->dead_letter) {
    retry->final_topic = wire::DlqTopicOf(rules.group);
    // Copies: what is found in the text does not outlive the text's growth.
    const std::string topic(wire::FindProperty(text, property::kRetryTopic).value_or(record.topic));
    const std::string id(wire::FindProperty(text, property::kOriginMessageId).value_or(record_id));
    SetIfMissing(property::kDlqOriginTopic, topic, &text);
    SetIfMissing(property::kDlqOriginMessageId, id, &text);
  } else {
    retry->final_topic = wire::RetryTopicOf(rules.group);
    level = std::min<std::int64_t>(
        rules.delay_level > 0 ? rules.delay_level : kFirstRetryLevel + record.reconsume_times,
        delays.levels());
  }
  wire::SetProperty(property::kDelay, Concat(level), &text);

  const auto queue_id = retry->dead_letter ? 0 : rules.queue_id;
  auto& source = retry->source;
  source.queue_id = queue_id;
  retry->topic = retry->final_topic;
  if (level > 0) {
    wire::SetProperty(property::kRealTopic, retry->final_topic, &text);
    wire::SetProperty(property::kRealQueueId, Concat(queue_id), &text);
    retry->topic = store::kDelayTopic;
    source.queue_id = static_cast<std::int32_t>(level - 1);
  }
  if (text.size() > wire::kMaxPropertyBytes) {
    return Status(Status::Code::kInvalid, "the properties of the retried message are too long");
  }
  source.topic = retry->topic;
  source.properties = text;
  source.body = record.body;
  source.flag = record.flag;
  source.sys_flag = record.sys_flag & ~wire::sys_flag::kTransactionMask;
  source.born_ms = record.born_ms;
  source.born_host = record.born_host;
  source.store_host = store_host;
  source.reconsume_times = record.reconsume_times + 1;
  return retry;
}

}  // namespace comet::broker
