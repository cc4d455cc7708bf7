#include "sdk/src/queue_locks.h"

#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/lock_batch.h"
#include "remoting/wire/requests/lock_queues.h"
#include "remoting/wire/requests/unlock_queues.h"
#include "sdk/src/at_end.h"
#include "sdk/src/error_mapping.h"

namespace comet::client {
namespace {

constexpr std::string_view kLocking = "locking queues";

std::string BodyOf(const Runtime& runtime, const std::string& wire_group, const Route& route,
                   const std::vector<Queue>& queues) {
  wire::LockBatchBody body;
  body.group = wire_group;
  body.client_id = runtime.client_id();
  for (const Queue& queue : queues) {
    body.queues.push_back({route.wire_topic, queue.broker, queue.id});
  }
  return ToJson(body);
}

Result<std::set<Queue>> ReadGranted(const net::Answer<wire::LockQueues>& answer,
                                    const std::string& topic, const std::string& address) {
  if (!answer.ok()) return FromResponse(answer.code, answer.remark, kLocking, address);
  const auto reply = FromJson<wire::LockBatchReply>(answer.body);
  if (!reply.ok()) return FromStatus(reply.error(), kLocking, address);
  std::set<Queue> granted;
  for (const auto& queue : reply->locked) {
    granted.insert({topic, queue.broker_name, queue.queue_id});
  }
  return granted;
}

}  // namespace

void LockQueues(const std::shared_ptr<Runtime>& runtime, const std::string& wire_group,
                const std::vector<Queue>& queues,
                std::function<void(Result<std::set<Queue>>)> done) {
  const std::string topic = queues.front().topic;
  runtime->routes().Get(topic, [runtime, wire_group, queues, topic,
                                done = std::move(done)](const Result<RoutePtr>& route) {
    if (!route) return done(route.error());
    const std::string address = (*route)->MasterOf(queues.front().broker);
    if (address.empty()) {
      return done(
          Error(Errc::no_route, Concat("broker ", queues.front().broker, " has no master")));
    }
    net::CallOptions call;
    call.timeout = runtime->options().request_timeout;
    runtime->ServerAt(address)->Call<wire::LockQueues>(
        {}, BodyOf(*runtime, wire_group, **route, queues), call,
        [address, topic, done](const StatusOr<net::Answer<wire::LockQueues>>& answer) {
          if (!answer.ok()) return done(FromStatus(answer.error(), kLocking, address));
          done(ReadGranted(*answer, topic, address));
        });
  });
}

void UnlockQueues(const std::shared_ptr<Runtime>& runtime, const std::string& wire_group,
                  const std::vector<Queue>& queues, std::function<void()> done) {
  const std::string topic = queues.front().topic;
  runtime->routes().Get(topic, [runtime, wire_group, queues,
                                all = AtEnd(std::move(done))](const Result<RoutePtr>& route) {
    if (!route) return;  // the grant ends by itself
    const std::string address = (*route)->MasterOf(queues.front().broker);
    if (address.empty()) return;
    net::CallOptions call;
    call.timeout = runtime->options().request_timeout;
    runtime->ServerAt(address)->Call<wire::UnlockQueues>(
        {}, BodyOf(*runtime, wire_group, **route, queues), call,
        [all](const StatusOr<net::Answer<wire::UnlockQueues>>& /*answer*/) {});
  });
}

}  // namespace comet::client
