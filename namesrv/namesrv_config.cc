#include "namesrv/namesrv_config.h"

#include "remoting/base/config_file.h"
#include "remoting/net/resolver.h"

namespace comet::namesrv {

Status NamesrvConfig::Check() const {
  if (net::NumericAddress(bind_address, 0).ok()) return {};
  return NotAllowed("bindAddress", bind_address, "an IP address of this machine");
}

}  // namespace comet::namesrv
