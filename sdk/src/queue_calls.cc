#include "sdk/src/queue_calls.h"

#include <future>
#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/requests/get_max_offset.h"
#include "remoting/wire/requests/get_min_offset.h"
#include "remoting/wire/requests/query_consumer_offset.h"
#include "remoting/wire/requests/search_offset.h"
#include "remoting/wire/requests/update_consumer_offset.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/error_mapping.h"
#include "sdk/src/name_space.h"

namespace comet::client {
namespace {

using wire::ResponseCode;

constexpr std::string_view kCommitting = "committing an offset";

Error NoBroker(const Queue& queue) {
  return {Errc::no_route, Concat("no broker called ", queue.broker, " has topic ", queue.topic)};
}

}  // namespace

QueueCalls::QueueCalls(std::shared_ptr<Runtime> runtime, std::string group)
    : runtime_(std::move(runtime)), wire_group_(WrapName(runtime_->options().name_space, group)) {}

template <wire::Request R>
Result<net::OwnedAnswer<R>> QueueCalls::Ask(const Queue& queue, typename R::Header header,
                                            std::string_view what) {
  if (auto may = runtime_->MayWait(what); !may) return may.error();
  auto route = runtime_->routes().GetAndWait(queue.topic);
  if (!route) return route.error();
  const std::string address = (*route)->ReaderOf(queue.broker, 0);
  if (address.empty()) return NoBroker(queue);
  header.topic = (*route)->wire_topic;
  net::CallOptions call;
  call.timeout = runtime_->options().request_timeout;
  auto answer = runtime_->ServerAt(address)->CallAndWait<R>(header, {}, call);
  if (!answer.ok()) {
    runtime_->routes().Distrust(queue.topic);
    return FromStatus(answer.error(), what, address);
  }
  return answer.Take();
}

template <wire::Request R>
Result<std::int64_t> QueueCalls::AskOffset(const Queue& queue, typename R::Header header,
                                           std::string_view what) {
  auto answer = Ask<R>(queue, std::move(header), what);
  if (!answer) return answer.error();
  if (!(**answer).ok()) {
    return FromResponse((**answer).code, (**answer).remark, what, queue.broker);
  }
  return (**answer).reply.offset;
}

Result<std::int64_t> QueueCalls::Committed(const Queue& queue) {
  constexpr std::string_view kWhat = "asking for a committed offset";
  wire::QueryConsumerOffset::Header header;
  header.consumer_group = wire_group_;
  header.queue_id = queue.id;
  header.set_zero_if_not_found = false;
  auto answer = Ask<wire::QueryConsumerOffset>(queue, header, kWhat);
  if (!answer) return answer.error();
  if ((**answer).code == ResponseCode::kQueryNotFound) return std::int64_t{-1};
  if (!(**answer).ok()) {
    return FromResponse((**answer).code, (**answer).remark, kWhat, queue.broker);
  }
  return (**answer).reply.offset;
}

Result<std::int64_t> QueueCalls::BeginOffset(const Queue& queue) {
  wire::GetMinOffset::Header header;
  header.queue_id = queue.id;
  return AskOffset<wire::GetMinOffset>(queue, header, "asking for the first offset");
}

Result<std::int64_t> QueueCalls::EndOffset(const Queue& queue) {
  wire::GetMaxOffset::Header header;
  header.queue_id = queue.id;
  return AskOffset<wire::GetMaxOffset>(queue, header, "asking for the last offset");
}

Result<std::int64_t> QueueCalls::OffsetForTime(const Queue& queue,
                                               std::chrono::system_clock::time_point time) {
  wire::SearchOffset::Header header;
  header.queue_id = queue.id;
  header.timestamp_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  return AskOffset<wire::SearchOffset>(queue, header, "searching an offset by time");
}

Result<std::int64_t> QueueCalls::Resolve(const Queue& queue, const Position& position) {
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

Result<void> QueueCalls::Commit(const Queue& queue, std::int64_t offset) {
  if (auto may = runtime_->MayWait("commit()"); !may) return may;
  std::promise<Result<void>> committed;
  auto future = committed.get_future();
  CommitAsync(queue, offset,
              [&committed](Result<void> outcome) { committed.set_value(std::move(outcome)); });
  return future.get();
}

void QueueCalls::CommitAsync(const Queue& queue, std::int64_t offset, Done done) {
  runtime_->routes().Get(queue.topic, [runtime = runtime_, group = wire_group_, queue, offset,
                                       done = std::move(done)](Result<RoutePtr> route) mutable {
    if (!route) return done(route.error());
    const std::string address = (*route)->ReaderOf(queue.broker, 0);
    if (address.empty()) return done(NoBroker(queue));
    wire::UpdateConsumerOffset::Header header;
    header.consumer_group = group;
    header.topic = (*route)->wire_topic;
    header.queue_id = queue.id;
    header.commit_offset = offset;
    net::CallOptions call;
    call.timeout = runtime->options().request_timeout;
    runtime->ServerAt(address)->Call<wire::UpdateConsumerOffset>(
        header, {}, call,
        [address, done = std::move(done)](
            const StatusOr<net::Answer<wire::UpdateConsumerOffset>>& answer) mutable {
          if (!answer.ok()) return done(FromStatus(answer.error(), kCommitting, address));
          if (!answer->ok()) {
            return done(FromResponse(answer->code, answer->remark, kCommitting, address));
          }
          done({});
        });
  });
}

}  // namespace comet::client
