#include "remoting/net/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

namespace comet::net {

void Socket::Reset(int descriptor) {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = descriptor;
}

Endpoint LocalEndpoint(int descriptor) {
  SocketAddress address;
  address.size = sizeof(address.storage);
  if (getsockname(descriptor, address.get(), &address.size) != 0) return {};
  return Endpoint::FromSockaddr(address.get());
}

namespace {

bool SetInt(int descriptor, int level, int option, int value) {
  return setsockopt(descriptor, level, option, &value, sizeof(value)) == 0;
}

}  // namespace

bool TurnOn(int descriptor, int level, int option) {
  return SetInt(descriptor, level, option, 1);
}

// Best effort: without it a dead peer is noticed later, by calls that time out.
void NoticeDeadPeer(int descriptor) {
  TurnOn(descriptor, SOL_SOCKET, SO_KEEPALIVE);
  SetInt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 6);
  SetInt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 3);
  SetInt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 3);
  SetInt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, 15000);
}

}  // namespace comet::net
