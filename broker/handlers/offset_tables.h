#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/clone_offset.h"
#include "remoting/wire/requests/get_all_consumer_offsets.h"
#include "remoting/wire/requests/get_all_delay_offsets.h"

namespace comet::broker {

// All offsets, for slaves and tools, and copies of them.

class GetAllConsumerOffsetsHandler {
 public:
  using Request = wire::GetAllConsumerOffsets;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetAllConsumerOffsetsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

class GetAllDelayOffsetsHandler {
 public:
  using Request = wire::GetAllDelayOffsets;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetAllDelayOffsetsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// Copies what a group has committed to another group.
class CloneOffsetHandler {
 public:
  using Request = wire::CloneOffset;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit CloneOffsetHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
