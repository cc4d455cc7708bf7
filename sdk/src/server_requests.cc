#include "sdk/src/server_requests.h"

#include <memory>
#include <utility>

#include "remoting/base/clock.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/consumer_status.h"
#include "remoting/wire/bodies/offset_tables.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/name_space.h"

namespace comet::client {
namespace {

using wire::ResponseCode;

void NoSuchGroup(std::string_view group, net::Responder reply) {
  std::move(reply).Fail(ResponseCode::kSystemError,
                        Concat("The Consumer Group <", group, "> not exist in this consumer"));
}

// ConsumeMessageDirectlyResult.
struct DirectResult {
  bool auto_commit = true;
  std::string result;
  bool order = false;
  std::string remark;
  std::int64_t spent_ms = 0;

  static constexpr auto Fields() {
    using S = DirectResult;
    constexpr auto kNo = Need::kOptional;
    return Declaration{F(&S::auto_commit, "autoCommit", kNo, "Always true."),
                       F(&S::result, "consumeResult", kNo, "What the handler said."),
                       F(&S::order, "order", kNo, "Whether an ordered handler was called."),
                       F(&S::remark, "remark", kNo, "What was thrown."),
                       F(&S::spent_ms, "spentTimeMills", kNo, "Time in the handler.")};
  }
};

// The offsets, in either of the two spellings.
StatusOr<GroupMember::Offsets> ReadOffsets(std::string_view body) {
  auto map = FromJson<wire::ResetOffsetBody>(body);
  if (map.ok()) return std::move(map->offsets);
  COMET_ASSIGN(const auto list, FromJson<wire::ResetOffsetList>(body));
  GroupMember::Offsets offsets;
  for (const auto& queue : list.offsets) {
    offsets[{queue.topic, queue.broker_name, queue.queue_id}] = queue.offset;
  }
  return offsets;
}

}  // namespace

template <>
void ServerRequests::HandlerOf<wire::NotifyConsumersChanged>::Handle(
    const Request::Header& header, const net::RequestContext& /*request*/, net::Responder&& reply) {
  if (const auto member = groups.FindConsumer(header.consumer_group)) member->OnGroupChanged();
  std::move(reply).Plain({});
}

template <>
void ServerRequests::HandlerOf<wire::ResetClientOffset>::Handle(const Request::Header& header,
                                                                const net::RequestContext& request,
                                                                net::Responder&& reply) {
  const auto member = groups.FindConsumer(header.group);
  if (member == nullptr) return NoSuchGroup(header.group, std::move(reply));
  auto offsets = ReadOffsets(request.body);
  if (!offsets.ok()) {
    return std::move(reply).Fail(ResponseCode::kSystemError, offsets.error().message());
  }
  member->OnReset(UnwrapName(name_space, header.topic), *offsets);
  std::move(reply).Plain({});
}

template <>
void ServerRequests::HandlerOf<wire::GetClientStatus>::Handle(
    const Request::Header& header, const net::RequestContext& /*request*/, net::Responder&& reply) {
  const auto member = groups.FindConsumer(header.group);
  if (member == nullptr) return NoSuchGroup(header.group, std::move(reply));
  wire::ClientStatus status;
  status.offsets = member->OffsetsOf(UnwrapName(name_space, header.topic));
  std::move(reply).Plain({}, net::Body(ToJson(status)));
}

template <>
void ServerRequests::HandlerOf<wire::GetConsumerRunningInfo>::Handle(
    const Request::Header& header, const net::RequestContext& /*request*/, net::Responder&& reply) {
  const auto member = groups.FindConsumer(header.consumer_group);
  if (member == nullptr) return NoSuchGroup(header.consumer_group, std::move(reply));
  std::move(reply).Plain({}, net::Body(member->RunningInfo()));
}

template <>
void ServerRequests::HandlerOf<wire::ConsumeDirectly>::Handle(const Request::Header& header,
                                                              const net::RequestContext& request,
                                                              net::Responder&& reply) {
  const auto member = groups.FindConsumer(header.consumer_group);
  if (member == nullptr) return NoSuchGroup(header.consumer_group, std::move(reply));
  const auto waiting = std::make_shared<net::Responder>(std::move(reply));
  const MonoTime start = SystemClock().Now();
  member->ConsumeDirectly(std::string(request.body), std::string(header.broker_name),
                          [waiting, start](const DirectOutcome& outcome) {
                            DirectResult result;
                            result.result = outcome.thrown     ? "CR_THROW_EXCEPTION"
                                            : outcome.consumed ? "CR_SUCCESS"
                                                               : "CR_LATER";
                            result.remark = outcome.remark;
                            result.spent_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                                                  SystemClock().Now() - start)
                                                  .count();
                            std::move(*waiting).Plain({}, net::Body(ToJson(result)));
                          });
}

ServerRequests::ServerRequests(const ClientGroups& groups, std::string name_space)
    : name_space_(std::move(name_space)),
      changed_{groups, name_space_},
      reset_{groups, name_space_},
      status_{groups, name_space_},
      running_info_{groups, name_space_},
      consume_{groups, name_space_} {
  router_.Add(changed_);
  router_.Add(reset_);
  router_.Add(status_);
  router_.Add(running_info_);
  router_.Add(consume_);
}

}  // namespace comet::client
