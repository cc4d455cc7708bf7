#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "remoting/base/clock.h"

namespace comet {

// A real server as a child process. Ends with this object, whatever happens. One thread at a time;
// the process lives in the namespaces of the thread that starts it.
class ServerProcess {
 public:
  // `log_file` gets standard error; empty: this process's.
  ServerProcess(std::string program, std::vector<std::string> arguments, std::string log_file = {});
  ~ServerProcess() { Kill(); }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Returns when it serves; false when it ends before that (standard error has told why).
  bool Start();
  void Kill();     // SIGKILL; returns when the process is gone
  void Stop();     // SIGTERM; returns when the process is gone, exit_code() says how
  void Suspend();  // SIGSTOP
  void Resume();   // SIGCONT

  bool running() const { return pid_ >= 0; }
  MonoTime ended_at() const { return ended_at_; }  // when it was last told to end
  std::uint16_t port() const { return port_; }
  // Of a process that ended by itself or by Stop(); below 0 when a signal ended it.
  std::optional<int> exit_code() const { return exit_code_; }

 private:
  int Spawn();  // what reads its standard output
  std::string ReadLine(int from) const;
  void Reap();

  std::vector<std::string> words_;
  const std::string log_file_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::optional<int> exit_code_;
  MonoTime ended_at_{};
};

}  // namespace comet
