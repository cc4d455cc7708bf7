#pragma once

#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "broker/handlers/check_names.h"
#include "remoting/base/describe.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"

namespace comet::broker {

inline void Fail(net::Responder reply, const Refused& refused) {
  std::move(reply).Fail(refused.code, refused.remark);
}

// Why a field cannot be the name that its key says it is; fields without a name pass.
inline std::optional<Refused> BadField(std::string_view key, std::string_view value) {
  if (value.empty()) return std::nullopt;
  if (key == "topic" || key == "originTopic") return BadTopic(value);
  if (key == "producerGroup") return BadName(wire::CheckProducerGroupName(value));
  if (key == "clientId" || key == "clientID" || key == "clientAddr") return BadClientId(value);
  const bool group = key == "group" || key == "groupName" || key == "consumerGroup" ||
                     key == "srcGroup" || key == "destGroup" || key == "compareGroup";
  return group ? BadGroup(value) : std::nullopt;
}

template <class Header>
std::optional<Refused> BadNames(const Header& header) {
  std::optional<Refused> bad;
  ForEachField<Header>([&](const auto& field) {
    using Value = std::remove_cvref_t<decltype(header.*field.member)>;
    if constexpr (std::is_same_v<Value, std::string_view>) {
      if (!bad) bad = BadField(field.key, header.*field.member);
    }
  });
  return bad;
}

// A handler of administration that sees no name which could not be one. Handlers of messages look
// at theirs themselves, when no table knows them.
template <class H>
class Checked : public H {
 public:
  using H::H;
  void Handle(const typename H::Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply) {
    if (const auto bad = BadNames(header)) return Fail(std::move(reply), *bad);
    H::Handle(header, request, std::move(reply));
  }
};

}  // namespace comet::broker
