#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/broker_config.h"
#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"

namespace comet::broker {

// "host:port" of every name server, each once; separators ; and , are understood.
std::vector<std::string> ParseAddresses(std::string_view text);
// Whether each could be dialled. The message says which could not.
Status CheckAddresses(std::string_view text);

// Which name servers this broker is to know: those in the file of namesrvAddrFile, else those of
// namesrvAddr. The file has addresses by line or by separator, and comments behind #. A file that
// cannot be read or has a bad line changes nothing. One thread.
class NamesrvList {
 public:
  explicit NamesrvList(FileSystem& fs) : fs_(fs) {}

  // The list as it is now; reads the file.
  const std::vector<std::string>& Read(const BrokerConfig& config);

 private:
  StatusOr<std::vector<std::string>> ReadAddresses(const std::string& path);

  FileSystem& fs_;
  std::vector<std::string> servers_;
  std::string trouble_;  // as told last, so that it is told once
};

}  // namespace comet::broker
