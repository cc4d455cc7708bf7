#include "remoting/net/socket.h"

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

bool TurnOn(int descriptor, int level, int option) {
  const int on = 1;
  return setsockopt(descriptor, level, option, &on, sizeof(on)) == 0;
}

}  // namespace comet::net
