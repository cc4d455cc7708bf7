#pragma once

#include "namesrv/registry.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/add_write_permission.h"
#include "remoting/wire/requests/wipe_write_permission.h"

namespace comet::namesrv {

// Take writing from all topics of a broker, before it is shut down, and give it back.
class WipeWritePermissionHandler {
 public:
  using Request = wire::WipeWritePermission;
  static constexpr net::Lane kLane = net::Lane::kWorker;

  explicit WipeWritePermissionHandler(Registry& registry) : registry_(registry) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  Registry& registry_;
};

class AddWritePermissionHandler {
 public:
  using Request = wire::AddWritePermission;
  static constexpr net::Lane kLane = net::Lane::kWorker;

  explicit AddWritePermissionHandler(Registry& registry) : registry_(registry) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  Registry& registry_;
};

}  // namespace comet::namesrv
