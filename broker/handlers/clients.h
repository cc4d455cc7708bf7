#pragma once

#include <string_view>

#include "broker/context.h"
#include "broker/member_notice.h"
#include "broker/status_to_code.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/bodies/heartbeat_data.h"
#include "remoting/wire/requests/check_client_config.h"
#include "remoting/wire/requests/get_consumer_list.h"
#include "remoting/wire/requests/heartbeat.h"
#include "remoting/wire/requests/unregister_client.h"

namespace comet::broker {

// Registers a client's groups. On the worker: unknown groups and their retry topics are created.
class HeartbeatHandler {
 public:
  using Request = wire::Heartbeat;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  HeartbeatHandler(Context& context, MemberNotice& notice) : context_(context), notice_(notice) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  bool MakeGroup(const wire::ConsumerData& consumer, const Client& client);
  bool RegisterConsumer(const wire::HeartbeatData& beat, wire::ConsumerData consumer,
                        const Client& client);

  Context& context_;
  MemberNotice& notice_;
};

// A client leaves. In the same lane as heartbeats, so that it cannot overtake one.
class UnregisterHandler {
 public:
  using Request = wire::UnregisterClient;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  UnregisterHandler(Context& context, MemberNotice& notice) : context_(context), notice_(notice) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
  MemberNotice& notice_;
};

// The client ids of a group, by which its members share out the queues.
class ListConsumersHandler {
 public:
  using Request = wire::GetConsumerList;
  static constexpr net::Lane kLane = net::Lane::kLoop;
  explicit ListConsumersHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// Whether an expression is understood; only tags are.
class CheckClientConfigHandler {
 public:
  using Request = wire::CheckClientConfig;
  static constexpr net::Lane kLane = net::Lane::kLoop;
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);
};

}  // namespace comet::broker
