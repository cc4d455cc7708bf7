#include "broker_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "remoting/base/check.h"
#include "remoting/base/text.h"

extern char** environ;

namespace comet::broker {

BrokerProcess::BrokerProcess(std::vector<std::string> settings, std::string log_directory)
    : settings_(std::move(settings)), log_directory_(std::move(log_directory)) {}

bool BrokerProcess::Start() {
  COMET_CHECK(pid_ < 0);
  std::vector<std::string> words{COMET_MQBROKER, Concat("--logDir=", log_directory_)};
  for (const auto& setting : settings_) words.push_back(Concat("--set=", setting));
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  int out[2];
  COMET_CHECK(::pipe2(out, O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  const int spawned =
      ::posix_spawn(&pid_, COMET_MQBROKER, &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  COMET_CHECK_EQ(spawned, 0);
  // The broker[name, address:port] boot success. ...
  const std::string greeting = ReadLine(out[0]);
  ::close(out[0]);
  const auto end = greeting.find("] boot success");
  if (greeting.empty()) return Reap(), false;  // it has closed its output: it ends
  if (end == std::string::npos) return Kill(), false;
  const auto colon = greeting.rfind(':', end);
  port_ = ParseNumber<std::uint16_t>(std::string_view(greeting).substr(colon + 1, end - colon - 1))
              .value_or(0);
  return true;
}

// Up to the end of the line or of the process.
std::string BrokerProcess::ReadLine(int from) const {
  std::string line;
  for (char next = 0; ::read(from, &next, 1) == 1 && next != '\n';) line += next;
  return line;
}

void BrokerProcess::Reap() {
  int status = 0;
  COMET_CHECK_EQ(::waitpid(pid_, &status, 0), pid_);
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  pid_ = -1;
}

void BrokerProcess::Kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

}  // namespace comet::broker
