#include "sdk/src/admin_offset.h"

#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/bodies/consumer_status.h"
#include "remoting/wire/bodies/offset_tables.h"
#include "remoting/wire/requests/get_consumer_status.h"
#include "remoting/wire/requests/query_consumer_offset.h"
#include "remoting/wire/requests/reset_offset.h"
#include "remoting/wire/requests/update_consumer_offset.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/admin_cluster.h"

namespace comet::client {

using wire::ResponseCode;

StatusOr<std::optional<QueueOffsets>> ResetOffsets(AdminCalls& calls, const std::string& address,
                                                   const ResetQuery& query) {
  wire::ResetOffset::Header header;
  header.group = query.group;
  header.topic = query.topic;
  header.timestamp_ms = query.time_ms;
  header.force = query.force;
  header.queue_id = query.queue_id;
  header.offset = query.offset;
  COMET_ASSIGN(const auto answer, calls.Ask<wire::ResetOffset>(address, header));
  if (answer->code == ResponseCode::kConsumerNotOnline) return std::optional<QueueOffsets>();
  if (!answer->ok()) return ErrorOfAnswer(address, answer->code, answer->remark);
  if (answer->body.empty()) return std::optional<QueueOffsets>(QueueOffsets());
  COMET_ASSIGN(auto body, ReadBody<wire::ResetOffsetBody>(answer->body, address));
  return std::optional<QueueOffsets>(std::move(body.offsets));
}

StatusOr<std::optional<std::int64_t>> GetOffset(AdminCalls& calls, const std::string& address,
                                                const std::string& group,
                                                const wire::MessageQueue& queue) {
  wire::QueryConsumerOffset::Header header;
  header.consumer_group = group;
  header.topic = queue.topic;
  header.queue_id = queue.queue_id;
  header.set_zero_if_not_found = false;
  header.broker_name = queue.broker_name;
  COMET_ASSIGN(const auto answer, calls.Ask<wire::QueryConsumerOffset>(address, header));
  if (answer->code == ResponseCode::kQueryNotFound) return std::optional<std::int64_t>();
  if (!answer->ok()) return ErrorOfAnswer(address, answer->code, answer->remark);
  return std::optional<std::int64_t>(answer->reply.offset);
}

Status SetOffset(AdminCalls& calls, const std::string& address, const std::string& group,
                 const wire::MessageQueue& queue, std::int64_t offset) {
  wire::UpdateConsumerOffset::Header header;
  header.consumer_group = group;
  header.topic = queue.topic;
  header.queue_id = queue.queue_id;
  header.commit_offset = offset;
  header.broker_name = queue.broker_name;
  COMET_ASSIGN(const auto answer, calls.Call<wire::UpdateConsumerOffset>(address, header));
  COMET_ASSIGN(const auto stored, GetOffset(calls, address, group, queue));
  if (stored == offset) return {};
  return Status(Status::Code::kUnavailable,
                Concat(address, " keeps offset ", stored.value_or(-1), " of queue ", queue.queue_id,
                       ": group ", group, " was reset before, and its clients have yet to follow"));
}

StatusOr<std::map<std::string, QueueOffsets>> GetClientOffsets(AdminCalls& calls,
                                                               const std::string& address,
                                                               const std::string& group,
                                                               const std::string& topic,
                                                               const std::string& client_id) {
  wire::GetConsumerStatus::Header header;
  header.topic = topic;
  header.group = group;
  header.client_id = client_id;
  COMET_ASSIGN(const auto answer, calls.Call<wire::GetConsumerStatus>(address, header));
  COMET_ASSIGN(auto body, ReadBody<wire::ConsumerStatus>(answer->body, address));
  return std::move(body.clients);
}

}  // namespace comet::client
