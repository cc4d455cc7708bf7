#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/delete_group.h"
#include "remoting/wire/requests/get_all_groups.h"
#include "remoting/wire/requests/get_group_config.h"
#include "remoting/wire/requests/update_group.h"
#include "remoting/wire/requests/update_group_list.h"

namespace comet::broker {

// Administration of subscription groups.

// Creates a group or changes it. Its retry topic comes with its first consumer.
class UpdateGroupHandler {
 public:
  using Request = wire::UpdateGroup;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit UpdateGroupHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// The same for a list: all of them, or none.
class UpdateGroupListHandler {
 public:
  using Request = wire::UpdateGroupList;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit UpdateGroupListHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

class DeleteGroupHandler {
 public:
  using Request = wire::DeleteGroup;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit DeleteGroupHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// A group's settings; made with defaults when there is none and the broker creates groups.
class GetGroupConfigHandler {
 public:
  using Request = wire::GetGroupConfig;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetGroupConfigHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// All groups, or a page of them.
class GetAllGroupsHandler {
 public:
  using Request = wire::GetAllGroups;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetAllGroupsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
