#include "sdk/src/admin_message.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/message_id.h"
#include "remoting/wire/record_reader.h"
#include "remoting/wire/requests/get_max_offset.h"
#include "remoting/wire/requests/get_min_offset.h"
#include "remoting/wire/requests/pull_message.h"
#include "remoting/wire/requests/query_message.h"
#include "remoting/wire/requests/search_offset.h"
#include "remoting/wire/requests/view_message.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/admin_topic.h"
#include "sdk/src/message_data.h"

namespace comet::client {
namespace {

using wire::ResponseCode;

StatusOr<std::vector<StoredMessage>> ReadStored(std::string_view body, const std::string& broker,
                                                std::string_view address) {
  auto views = ReadMessages(std::string(body), broker);
  if (!views.ok()) return views.TakeError().Annotate(address);
  std::vector<StoredMessage> messages;
  for (MessageView& view : *views) {
    const wire::RecordResult read = wire::ReadRecord(body);
    COMET_CHECK(read.state == wire::RecordState::kRecord);
    messages.push_back({std::move(view), read.record.bytes, read.record.prepared_offset});
    body.remove_prefix(read.record.bytes);
  }
  return messages;
}

// Dotted, or in brackets with colons.
std::string AddressText(const wire::Host& host) {
  std::string text;
  if (!host.v6) {
    for (std::size_t i = 0; i < 4; ++i) text += Concat(i == 0 ? "" : ".", int{host.ip[i]});
    return Concat(text, ":", host.port);
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  for (std::size_t i = 0; i < 16; ++i) {
    if (i != 0 && i % 2 == 0) text += ':';
    text += kHex[host.ip[i] >> 4U];
    text += kHex[host.ip[i] & 15U];
  }
  return Concat("[", text, "]:", host.port);
}

// The index finds by hash: what was meant must be compared.
bool IsMeant(const MessageView& message, const KeyQuery& query) {
  if (message.topic() != query.topic) return false;
  if (query.unique_key) return message.id() == query.key;
  if (query.index_type == "T") return message.tag() == query.key;
  const std::string keys = Concat(" ", message.keys(), " ");
  return keys.find(Concat(" ", query.key, " ")) != std::string::npos;
}

StatusOr<PullState> StateOf(std::int32_t code) {
  switch (code) {
    case ResponseCode::kSuccess:
      return PullState::kFound;
    case ResponseCode::kPullNotFound:
      return PullState::kNoNewMessage;
    case ResponseCode::kPullRetryImmediately:
      return PullState::kNoMatchedMessage;
    case ResponseCode::kPullOffsetMoved:
      return PullState::kOffsetIllegal;
    default:
      return Status(Status::Code::kIo, "");
  }
}

}  // namespace

StatusOr<StoredMessage> GetMessageByOffsetId(AdminCalls& calls, const std::string& topic,
                                             const std::string& offset_id) {
  const auto id = wire::ParseMessageId(offset_id);
  if (!id) return Status(Status::Code::kInvalid, Concat("not a message id: ", offset_id));
  const std::string address = AddressText(id->host);
  wire::ViewMessage::Header header;
  header.log_offset = id->log_offset;
  header.topic = topic;
  COMET_ASSIGN(const auto answer, calls.Call<wire::ViewMessage>(address, header));
  COMET_ASSIGN(auto messages, ReadStored(answer->body, "", address));
  if (messages.empty()) {
    return Status(Status::Code::kNotFound, Concat("no message ", offset_id));
  }
  return std::move(messages.front());
}

StatusOr<std::vector<StoredMessage>> GetMessagesByKey(AdminCalls& calls,
                                                      const wire::TopicRouteData& route,
                                                      const KeyQuery& query) {
  wire::QueryMessage::Header header;
  header.topic = query.topic;
  header.key = query.key;
  header.max_messages = query.max;
  header.begin_ms = query.begin_ms;
  header.end_ms = query.end_ms;
  header.unique_key = query.unique_key;
  header.index_type = query.index_type;
  header.last_key = query.last_key;
  std::vector<StoredMessage> found;
  for (const wire::BrokerData& broker : route.brokers) {
    const std::string address = AddressOf(broker);
    if (address.empty()) continue;
    auto answer = calls.Ask<wire::QueryMessage>(address, header);
    if (!answer.ok()) return answer.TakeError();
    if ((*answer)->code == ResponseCode::kQueryNotFound) continue;
    if (!(*answer)->ok()) return ErrorOfAnswer(address, (*answer)->code, (*answer)->remark);
    COMET_ASSIGN(auto messages, ReadStored((*answer)->body, broker.broker_name, address));
    for (StoredMessage& message : messages) {
      if (IsMeant(message.view, query)) found.push_back(std::move(message));
    }
  }
  return found;
}

StatusOr<StoredMessage> GetMessageById(AdminCalls& calls, const wire::TopicRouteData& route,
                                       const std::string& topic, const std::string& id) {
  if (wire::ParseMessageId(id)) {
    auto message = GetMessageByOffsetId(calls, topic, id);
    if (message.ok()) return message;
  }
  // A sender's id has the same form, but names no broker.
  KeyQuery query;
  query.topic = topic;
  query.key = id;
  query.unique_key = true;
  query.end_ms = std::numeric_limits<std::int64_t>::max();
  query.max = 32;
  COMET_ASSIGN(auto messages, GetMessagesByKey(calls, route, query));
  if (messages.empty()) {
    return Status(Status::Code::kNotFound, Concat("no message ", id, " in topic ", topic));
  }
  return std::move(messages.front());
}

std::string_view PullStateName(PullState state) {
  switch (state) {
    case PullState::kFound:
      return "FOUND";
    case PullState::kNoNewMessage:
      return "NO_NEW_MSG";
    case PullState::kNoMatchedMessage:
      return "NO_MATCHED_MSG";
    case PullState::kOffsetIllegal:
      break;
  }
  return "OFFSET_ILLEGAL";
}

StatusOr<PulledMessages> PullFrom(AdminCalls& calls, const std::string& address,
                                  const wire::MessageQueue& queue, std::int64_t offset,
                                  std::int32_t max, const std::string& group,
                                  const std::string& tags) {
  wire::PullMessage::Header header;
  header.consumer_group = group;
  header.topic = queue.topic;
  header.queue_id = queue.queue_id;
  header.queue_offset = offset;
  header.max_messages = max;
  header.sys_flag = wire::pull_flag::kSubscription;
  header.subscription = tags;
  header.expression_type = "TAG";
  header.broker_name = queue.broker_name;
  COMET_ASSIGN(const auto answer, calls.Ask<wire::PullMessage>(address, header));
  const auto state = StateOf(answer->code);
  if (!state.ok()) return ErrorOfAnswer(address, answer->code, answer->remark);
  PulledMessages pulled;
  pulled.state = *state;
  pulled.next_offset = answer->reply.next_offset;
  if (pulled.state == PullState::kFound) {
    COMET_ASSIGN(pulled.messages, ReadStored(answer->body, queue.broker_name, address));
  }
  return pulled;
}

StatusOr<std::int64_t> GetQueueMin(AdminCalls& calls, const std::string& address,
                                   const wire::MessageQueue& queue) {
  wire::GetMinOffset::Header header;
  header.topic = queue.topic;
  header.queue_id = queue.queue_id;
  header.broker_name = queue.broker_name;
  COMET_ASSIGN(const auto answer, calls.Call<wire::GetMinOffset>(address, header));
  return answer->reply.offset;
}

StatusOr<std::int64_t> GetQueueMax(AdminCalls& calls, const std::string& address,
                                   const wire::MessageQueue& queue) {
  wire::GetMaxOffset::Header header;
  header.topic = queue.topic;
  header.queue_id = queue.queue_id;
  header.broker_name = queue.broker_name;
  COMET_ASSIGN(const auto answer, calls.Call<wire::GetMaxOffset>(address, header));
  return answer->reply.offset;
}

StatusOr<std::int64_t> GetQueueAt(AdminCalls& calls, const std::string& address,
                                  const wire::MessageQueue& queue, std::int64_t time_ms) {
  wire::SearchOffset::Header header;
  header.topic = queue.topic;
  header.queue_id = queue.queue_id;
  header.timestamp_ms = time_ms;
  header.broker_name = queue.broker_name;
  COMET_ASSIGN(const auto answer, calls.Call<wire::SearchOffset>(address, header));
  return answer->reply.offset;
}

}  // namespace comet::client
