#include "broker/handlers/group_admin.h"

#include <set>
#include <utility>

#include "broker/attributes.h"
#include "broker/handlers/checked.h"
#include "broker/paging.h"
#include "broker/status_to_code.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/names.h"

namespace comet::broker {
namespace {

using wire::SubscriptionGroupConfig;

Status CheckGroup(const SubscriptionGroupConfig& group) {
  COMET_TRY(wire::CheckGroupName(group.name));
  constexpr auto kMax = TopicTable::kQueuesPerTopicMax;
  if (group.retry_queues < 0 || group.retry_queues > kMax) {
    return {Status::Code::kInvalid, Concat("retryQueueNums ", group.retry_queues, " of group ",
                                           group.name, " is not 0 to ", kMax)};
  }
  return {};
}

// Checks `wanted` and turns the changes in its attributes into what they will be.
std::optional<Refused> Complete(const GroupTable& groups, SubscriptionGroupConfig* wanted) {
  if (auto bad = CheckGroup(*wanted); !bad.ok()) {
    return Refused{ResponseCode::kInvalidParameter, bad.message()};
  }
  const auto known = groups.Find(wanted->name);
  auto attributes =
      ChangeAttributes(GroupAttributeRules(), known == nullptr,
                       known == nullptr ? Attributes() : known->attributes, wanted->attributes);
  if (!attributes.ok()) {
    return Refused{ResponseCode::kSystemError, attributes.error().message()};
  }
  wanted->attributes = attributes.Take();
  return std::nullopt;
}

}  // namespace

void UpdateGroupHandler::Handle(const Request::Header& /*header*/,
                                const net::RequestContext& request, net::Responder&& reply) {
  auto group = FromJson<SubscriptionGroupConfig>(request.body);
  if (!group.ok()) {
    return Fail(std::move(reply), {ResponseCode::kSystemError, group.error().message()});
  }
  if (auto refused = Complete(context_.groups, &*group)) return Fail(std::move(reply), *refused);
  const auto name = group->name;
  if (auto put = context_.groups.Put(group.Take()); !put.ok()) {
    return Fail(std::move(reply), RefusedBy(put));
  }
  LOG_INFO << request.peer.text << " set group " << name;
  std::move(reply).Plain({});
}

void UpdateGroupListHandler::Handle(const Request::Header& /*header*/,
                                    const net::RequestContext& request, net::Responder&& reply) {
  auto list = FromJson<wire::SubscriptionGroupList>(request.body);
  if (!list.ok()) {
    return Fail(std::move(reply), {ResponseCode::kSystemError, list.error().message()});
  }
  std::set<std::string> names;
  for (auto& group : list->groups) {
    if (auto refused = Complete(context_.groups, &group)) return Fail(std::move(reply), *refused);
    if (!names.insert(group.name).second) {
      return Fail(std::move(reply), {ResponseCode::kInvalidParameter,
                                     Concat("group ", group.name, " is in the list twice")});
    }
  }
  if (auto put = context_.groups.PutAll(std::move(list->groups)); !put.ok()) {
    return Fail(std::move(reply), RefusedBy(put));
  }
  LOG_INFO << request.peer.text << " set " << names.size() << " groups";
  std::move(reply).Plain({});
}

void DeleteGroupHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                                net::Responder&& reply) {
  if (auto bad = wire::CheckGroupName(header.group); !bad.ok()) {
    return Fail(std::move(reply), {ResponseCode::kInvalidParameter, bad.message()});
  }
  auto done = context_.groups.Remove(header.group);
  if (done.ok() && header.clean_offset) done = context_.offset_keeper.ForgetGroup(header.group);
  if (!done.ok()) return Fail(std::move(reply), RefusedBy(done));
  LOG_INFO << request.peer.text << " deleted group " << header.group
           << (header.clean_offset ? " and its offsets" : "");
  std::move(reply).Plain({});
}

void GetGroupConfigHandler::Handle(const Request::Header& header,
                                   const net::RequestContext& /*request*/, net::Responder&& reply) {
  const auto group =
      context_.groups.FindOrCreate(header.group, context_.config.Get()->auto_create_group);
  if (group.ok()) return std::move(reply).Plain({}, ToJson(**group));
  if (group.error().code() == Status::Code::kNotFound) {
    return Fail(std::move(reply), {ResponseCode::kSubscriptionGroupNotExist,
                                   Concat("No group in this broker. group: ", header.group)});
  }
  Fail(std::move(reply), RefusedBy(group.error()));
}

void GetAllGroupsHandler::Handle(const Request::Header& header,
                                 const net::RequestContext& /*request*/, net::Responder&& reply) {
  wire::SubscriptionGroupTable table;
  table.data_version = context_.groups.version();  // first: a change meanwhile shows in the next
  const auto all = context_.groups.All();
  const auto page = PageOf({header.group_seq, header.data_version, header.max_groups},
                           table.data_version, all.size());
  auto forbidden = context_.meta.ForbiddenPulls();
  if (!forbidden.ok()) return Fail(std::move(reply), RefusedBy(forbidden.error()));
  for (auto i = page.begin; i < page.end; ++i) {
    const auto& name = all[i]->name;
    table.groups.emplace_hint(table.groups.end(), name, *all[i]);
    const auto bits = forbidden->find(name);
    if (bits != forbidden->end()) table.forbidden.insert(*bits);
  }
  std::move(reply).Ok<Request>({static_cast<std::int32_t>(all.size())}, ToJson(table));
}

}  // namespace comet::broker
