#include "broker/handlers/send_request.h"

#include <algorithm>

#include "remoting/base/check.h"

namespace comet::broker {
namespace {

constexpr std::int32_t kFirstVersionWithMaxReconsume = 121;  // 3.4.9

}  // namespace

wire::Host HostOf(const net::Endpoint& endpoint) {
  wire::Host host;
  host.v6 = endpoint.ip_bytes == 16;
  host.port = endpoint.port;
  std::copy(endpoint.ip().begin(), endpoint.ip().end(), host.ip.begin());
  return host;
}

SendRequest BorrowSend(const wire::SendMessage::Header& header,
                       const net::RequestContext& request) {
  return {header, request.body, HostOf(request.peer), request.peer.text, request.head.version};
}

std::int32_t RetriesMax(std::int32_t of_group, std::int32_t version,
                        std::optional<std::int32_t> asked) {
  return version >= kFirstVersionWithMaxReconsume ? asked.value_or(of_group) : of_group;
}

OwnedSend::OwnedSend(const SendRequest& borrowed) : request_(borrowed) {
  std::string_view* const views[] = {&request_.header.producer_group,
                                     &request_.header.topic,
                                     &request_.header.default_topic,
                                     &request_.header.properties,
                                     &request_.header.broker_name,
                                     &request_.body,
                                     &request_.peer};
  std::size_t bytes = 0;
  for (const auto* view : views) bytes += view->size();
  bytes_.reserve(bytes);  // appending must not move what views point to
  for (auto* view : views) {
    const auto at = bytes_.size();
    bytes_.append(*view);
    *view = std::string_view(bytes_).substr(at);
  }
}

}  // namespace comet::broker
