#include "sdk/src/admin_send.h"

#include "remoting/base/text.h"
#include "remoting/wire/names.h"
#include "remoting/wire/requests/send_message.h"
#include "remoting/wire/response_code.h"

namespace comet::client {
namespace {

using wire::ResponseCode;

// Empty for an answer that is an error.
std::string StatusOf(std::int32_t code) {
  switch (code) {
    case ResponseCode::kSuccess:
      return "SEND_OK";
    case ResponseCode::kFlushDiskTimeout:
      return "FLUSH_DISK_TIMEOUT";
    case ResponseCode::kFlushSlaveTimeout:
      return "FLUSH_SLAVE_TIMEOUT";
    case ResponseCode::kSlaveNotAvailable:
      return "SLAVE_NOT_AVAILABLE";
    default:
      return "";
  }
}

}  // namespace

StatusOr<Resent> SendAgain(AdminCalls& calls, const std::string& address,
                           const wire::MessageQueue& queue, const MessageView& message,
                           std::int64_t now_ms) {
  std::string properties;
  for (const auto& [name, value] : message.properties()) {
    properties += Concat(name, '\1', value, '\2');
  }
  wire::SendMessage::Header header;
  header.producer_group = "ReSendMsgById";
  header.topic = queue.topic;
  header.default_topic = wire::kAutoCreateTopic;
  header.queue_id = queue.queue_id;
  header.born_ms = now_ms;
  header.flag = message.flag();
  header.properties = properties;
  header.broker_name = queue.broker_name;
  COMET_ASSIGN(const auto answer, calls.Ask<wire::SendMessage>(address, header, message.body()));
  Resent sent;
  sent.status = StatusOf(answer->code);
  if (sent.status.empty()) return ErrorOfAnswer(address, answer->code, answer->remark);
  sent.offset_id = std::string(answer->reply.message_id);
  sent.queue_id = answer->reply.queue_id;
  sent.queue_offset = answer->reply.queue_offset;
  return sent;
}

}  // namespace comet::client
