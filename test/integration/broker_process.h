#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace comet::broker {

// The real mqbroker as a child process. Ends with this object, whatever happens.
class BrokerProcess {
 public:
  // `settings` are KEY=VALUE; logs go to `log_directory`.
  BrokerProcess(std::vector<std::string> settings, std::string log_directory);
  ~BrokerProcess() { Kill(); }
  BrokerProcess(const BrokerProcess&) = delete;
  BrokerProcess& operator=(const BrokerProcess&) = delete;

  // Returns when it serves; false when it ends before that (standard error has told why).
  bool Start();
  void Kill();  // SIGKILL; returns when the process is gone

  std::uint16_t port() const { return port_; }
  // Of a process that ended by itself before it served; below 0 when a signal ended it.
  std::optional<int> exit_code() const { return exit_code_; }

 private:
  std::string ReadLine(int from) const;
  void Reap();

  const std::vector<std::string> settings_;
  const std::string log_directory_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::optional<int> exit_code_;
};

}  // namespace comet::broker
