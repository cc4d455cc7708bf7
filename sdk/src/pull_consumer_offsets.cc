#include "remoting/base/text.h"
#include "remoting/wire/requests/get_max_offset.h"
#include "remoting/wire/requests/get_min_offset.h"
#include "remoting/wire/requests/query_consumer_offset.h"
#include "remoting/wire/requests/search_offset.h"
#include "remoting/wire/requests/update_consumer_offset.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/error_mapping.h"
#include "sdk/src/pull_consumer_impl.h"

namespace comet {

using client::FromResponse;
using client::FromStatus;
using wire::ResponseCode;

template <wire::Request R>
Result<net::OwnedAnswer<R>> PullConsumer::Impl::Ask(const Queue& queue,
                                                    const typename R::Header& header,
                                                    std::string_view what) {
  if (auto may = runtime_->MayWait(what); !may) return may.error();
  auto route = runtime_->routes().GetAndWait(queue.topic);
  if (!route) return route.error();
  const std::string address = (*route)->ReaderOf(queue.broker, 0);
  if (address.empty()) {
    return Error(Errc::no_route,
                 Concat("no broker called ", queue.broker, " has topic ", queue.topic));
  }
  net::CallOptions call;
  call.timeout = runtime_->options().request_timeout;
  auto answer = runtime_->ServerAt(address)->CallAndWait<R>(header, {}, call);
  if (!answer.ok()) return FromStatus(answer.error(), what, address);
  return answer.Take();
}

Result<std::int64_t> PullConsumer::Impl::Committed(const Queue& queue) {
  wire::QueryConsumerOffset::Header header;
  header.consumer_group = options_.group;
  header.topic = queue.topic;
  header.queue_id = queue.id;
  header.set_zero_if_not_found = false;
  auto answer = Ask<wire::QueryConsumerOffset>(queue, header, "asking for a committed offset");
  if (!answer) return answer.error();
  if ((**answer).code == ResponseCode::kQueryNotFound) return std::int64_t{-1};
  if (!(**answer).ok()) {
    return FromResponse((**answer).code, (**answer).remark, "asking for a committed offset",
                        queue.broker);
  }
  return (**answer).reply.offset;
}

Result<std::int64_t> PullConsumer::Impl::BeginOffset(const Queue& queue) {
  wire::GetMinOffset::Header header;
  header.topic = queue.topic;
  header.queue_id = queue.id;
  auto answer = Ask<wire::GetMinOffset>(queue, header, "asking for the first offset");
  if (!answer) return answer.error();
  if (!(**answer).ok()) {
    return FromResponse((**answer).code, (**answer).remark, "asking for the first offset",
                        queue.broker);
  }
  return (**answer).reply.offset;
}

Result<std::int64_t> PullConsumer::Impl::EndOffset(const Queue& queue) {
  wire::GetMaxOffset::Header header;
  header.topic = queue.topic;
  header.queue_id = queue.id;
  auto answer = Ask<wire::GetMaxOffset>(queue, header, "asking for the last offset");
  if (!answer) return answer.error();
  if (!(**answer).ok()) {
    return FromResponse((**answer).code, (**answer).remark, "asking for the last offset",
                        queue.broker);
  }
  return (**answer).reply.offset;
}

Result<std::int64_t> PullConsumer::Impl::OffsetForTime(const Queue& queue,
                                                       std::chrono::system_clock::time_point time) {
  wire::SearchOffset::Header header;
  header.topic = queue.topic;
  header.queue_id = queue.id;
  header.timestamp_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  auto answer = Ask<wire::SearchOffset>(queue, header, "searching an offset by time");
  if (!answer) return answer.error();
  if (!(**answer).ok()) {
    return FromResponse((**answer).code, (**answer).remark, "searching an offset by time",
                        queue.broker);
  }
  return (**answer).reply.offset;
}

Result<std::int64_t> PullConsumer::Impl::Resolve(const Queue& queue, const Position& position) {
  switch (position.kind) {
    case Position::Kind::offset:
      return position.offset;
    case Position::Kind::begin:
      return BeginOffset(queue);
    case Position::Kind::end:
      return EndOffset(queue);
    case Position::Kind::time:
      return OffsetForTime(queue, position.time);
  }
  return Error(Errc::invalid_argument, "unknown kind of position");
}

Result<std::int64_t> PullConsumer::Impl::StartOf(const Queue& queue) {
  auto committed = Committed(queue);
  if (!committed || *committed >= 0) return committed;
  return EndOffset(queue);
}

Result<void> PullConsumer::Impl::Commit(const Queue& queue, std::int64_t offset) {
  if (offset < 0) return Error(Errc::invalid_argument, Concat("commit of offset ", offset));
  wire::UpdateConsumerOffset::Header header;
  header.consumer_group = options_.group;
  header.topic = queue.topic;
  header.queue_id = queue.id;
  header.commit_offset = offset;
  auto answer = Ask<wire::UpdateConsumerOffset>(queue, header, "committing an offset");
  if (!answer) return answer.error();
  if (!(**answer).ok()) {
    return FromResponse((**answer).code, (**answer).remark, "committing an offset", queue.broker);
  }
  return {};
}

}  // namespace comet
