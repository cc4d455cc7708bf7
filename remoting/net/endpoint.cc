#include "remoting/net/endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

#include "remoting/base/text.h"

namespace comet::net {

Endpoint Endpoint::FromSockaddr(const sockaddr* address) {
  Endpoint endpoint;
  char text[INET6_ADDRSTRLEN] = "";
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, address, sizeof(v6));
    endpoint.port = ntohs(v6.sin6_port);
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
      std::memcpy(endpoint.bytes.data(), v6.sin6_addr.s6_addr + 12, 4);
      inet_ntop(AF_INET, endpoint.bytes.data(), text, sizeof(text));
    } else {
      endpoint.ip_bytes = 16;
      std::memcpy(endpoint.bytes.data(), v6.sin6_addr.s6_addr, 16);
      inet_ntop(AF_INET6, endpoint.bytes.data(), text, sizeof(text));
    }
  } else if (address->sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, address, sizeof(v4));
    endpoint.port = ntohs(v4.sin_port);
    std::memcpy(endpoint.bytes.data(), &v4.sin_addr, 4);
    inet_ntop(AF_INET, endpoint.bytes.data(), text, sizeof(text));
  }
  endpoint.text = endpoint.ip_bytes == 16 ? Concat("[", std::string_view(text), "]:", endpoint.port)
                                          : Concat(std::string_view(text), ":", endpoint.port);
  return endpoint;
}

StatusOr<HostPort> ParseHostPort(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return Status(Status::Code::kInvalid, Concat("'", text, "' is not host:port"));
  }
  std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  const auto port = ParseNumber<std::uint16_t>(text.substr(colon + 1));
  if (!port || *port == 0) {
    return Status(Status::Code::kInvalid, Concat("'", text, "' has no port between 1 and 65535"));
  }
  return HostPort{std::string(host), *port};
}

}  // namespace comet::net
