#include "broker/handlers/queries.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "broker/cold_read.h"
#include "broker/status_to_code.h"
#include "remoting/base/text.h"
#include "store/key_index.h"

namespace comet::broker {
namespace {

constexpr std::size_t kAnswerBytesMax = 8 << 20;  // well below the largest frame clients read

net::BodyPart PartOf(const store::LogRange& range) {
  BringIntoMemory(range.bytes);
  return {range.bytes, range.pin, range.descriptor, range.file_position};
}

}  // namespace

void QueryMessageHandler::Handle(const Request::Header& header,
                                 const net::RequestContext& /*request*/, net::Responder&& reply) {
  const auto wanted = header.unique_key ? context_.config.Get()->query_messages_max
                                        : std::clamp(header.max_messages, 1, kMessagesMax);
  const std::string key =
      header.index_type == "T" ? Concat("T#", header.key) : std::string(header.key);
  auto* index = context_.store.index();
  if (index == nullptr) {
    return std::move(reply).Fail(ResponseCode::kSystemError,
                                 "messages are not indexed: messageIndexEnable=false");
  }
  const auto found = index->Find(header.topic, key, header.begin_ms, header.end_ms,
                                 static_cast<std::size_t>(wanted));
  if (!found.ok()) {
    const auto refused = RefusedBy(found.error());
    return std::move(reply).Fail(refused.code, refused.remark);
  }
  std::vector<net::BodyPart> parts;
  std::size_t bytes = 0;
  for (const auto log_offset : found->log_offsets) {
    const auto record = context_.reader.Record(log_offset);
    if (!record.ok() && record.error().code() == Status::Code::kIo) {
      return std::move(reply).Fail(ResponseCode::kSystemError, record.error().message());
    }
    if (!record.ok()) continue;  // deleted or damaged since it was indexed
    if (bytes + record->bytes.size() > kAnswerBytesMax && !parts.empty()) break;
    bytes += record->bytes.size();
    parts.push_back(PartOf(*record));
  }
  const Request::Reply answer{found->last_store_ms, found->last_log_offset};
  if (parts.empty()) {
    return std::move(reply).Reply<Request>(
        {ResponseCode::kQueryNotFound, "can not find message, maybe time range not correct"},
        answer);
  }
  std::move(reply).Ok<Request>(answer, net::Body(parts));
}

void ViewMessageHandler::Handle(const Request::Header& header,
                                const net::RequestContext& /*request*/, net::Responder&& reply) {
  const auto record = context_.reader.Record(header.log_offset);
  if (!record.ok()) {
    return std::move(reply).Fail(ResponseCode::kSystemError,
                                 Concat("can not find message by the offset, ", header.log_offset));
  }
  const net::BodyPart parts[] = {PartOf(*record)};
  std::move(reply).Plain({}, net::Body(parts));
}

}  // namespace comet::broker
