#include "sdk/src/share_out.h"

#include <algorithm>
#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/base/utf8.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/requests/get_consumer_list.h"
#include "sdk/src/error_mapping.h"
#include "sdk/src/foreign_call.h"
#include "sdk/src/name_space.h"

namespace comet::client {
namespace {

constexpr std::string_view kAskingForMembers = "asking for the members of the group";

std::u16string Utf16(std::string_view text) {
  std::u16string units;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = NextCodePoint(text, at);
    if (point >= 0x10000) {
      units.push_back(static_cast<char16_t>(0xd800 + ((point - 0x10000) >> 10)));
      units.push_back(static_cast<char16_t>(0xdc00 + ((point - 0x10000) & 0x3ff)));
    } else {
      units.push_back(static_cast<char16_t>(point));
    }
  }
  return units;
}

Result<std::vector<std::string>> MembersAt(Runtime& runtime, const std::string& wire_group,
                                           const std::string& address) {
  net::CallOptions call;
  call.timeout = runtime.options().request_timeout;
  const auto answer =
      runtime.ServerAt(address)->CallAndWait<wire::GetConsumerList>({wire_group}, {}, call);
  if (!answer.ok()) return FromStatus(answer.error(), kAskingForMembers, address);
  if (!(*answer)->ok()) {
    return FromResponse((*answer)->code, (*answer)->remark, kAskingForMembers, address);
  }
  auto list = FromJson<wire::ConsumerList>((*answer)->body);
  if (!list.ok()) return FromStatus(list.error(), kAskingForMembers, address);
  return std::move(list->client_ids);
}

// Every broker of the topic knows the same members; the first that answers is believed.
Result<std::vector<std::string>> Members(Runtime& runtime, const std::string& group,
                                         const Route& route) {
  if (auto may = runtime.MayWait(kAskingForMembers); !may) return may.error();
  const std::string wire_group = WrapName(runtime.options().name_space, group);
  Error last(Errc::no_route, "the topic has no broker");
  for (const auto& [name, by_id] : route.brokers) {
    auto members = MembersAt(runtime, wire_group, route.ReaderOf(name, 0));
    if (members) return members;
    last = members.error();
  }
  return last;
}

}  // namespace

bool JavaLess(std::string_view left, std::string_view right) {
  return Utf16(left) < Utf16(right);
}

Result<Share> ShareOut(Runtime& runtime, const std::string& group, Model model,
                       AllocationStrategy& strategy, const std::string& topic) {
  if (auto may = runtime.MayWait("start()"); !may) return may.error();
  const auto route = runtime.routes().GetAndWait(topic);
  if (!route) return route.error();
  Share share;
  share.all = (*route)->readable;
  std::sort(share.all.begin(), share.all.end());
  if (model == Model::broadcasting) {
    share.queues = share.all;
    return share;
  }
  auto members = Members(runtime, group, **route);
  if (!members) return members.error();
  std::sort(members->begin(), members->end(), JavaLess);
  share.listed = std::find(members->begin(), members->end(), runtime.client_id()) != members->end();
  if (!share.listed) return share;
  // Strategies may hash names: all clients must hash the same, which are the brokers'.
  std::vector<Queue> wire_queues = share.all;
  for (Queue& queue : wire_queues) queue.topic = (*route)->wire_topic;
  const std::string thrown = CallForeign(
      [&] { share.queues = strategy.allocate(runtime.client_id(), wire_queues, *members); });
  for (Queue& queue : share.queues) {
    if (queue.topic == (*route)->wire_topic) queue.topic = topic;
  }
  if (!thrown.empty()) {
    return Error(Errc::internal, Concat("the allocation strategy has thrown: ", thrown));
  }
  std::sort(share.queues.begin(), share.queues.end());
  share.queues.erase(std::unique(share.queues.begin(), share.queues.end()), share.queues.end());
  std::erase_if(share.queues, [&](const Queue& queue) {
    return !std::binary_search(share.all.begin(), share.all.end(), queue);
  });
  return share;
}

}  // namespace comet::client
