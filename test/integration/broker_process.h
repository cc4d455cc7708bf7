#pragma once

#include <string>
#include <vector>

#include "server_process.h"

namespace comet::broker {

// The real mqbroker as a child process. Ends with this object, whatever happens.
class BrokerProcess : public ServerProcess {
 public:
  // `settings` are KEY=VALUE; logs go to `log_directory`.
  BrokerProcess(const std::vector<std::string>& settings, const std::string& log_directory);
};

}  // namespace comet::broker
