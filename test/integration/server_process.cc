#include "server_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "remoting/base/check.h"
#include "remoting/base/text.h"

extern char** environ;

namespace comet {
namespace {

// "... boot success ..." names the server's own address first; 0 when it does not.
std::uint16_t PortOf(std::string_view greeting) {
  const auto colon = greeting.find(':');
  if (colon == std::string_view::npos) return 0;
  greeting.remove_prefix(colon + 1);
  return ParseNumber<std::uint16_t>(greeting.substr(0, greeting.find_first_not_of("0123456789")))
      .value_or(0);
}

}  // namespace

ServerProcess::ServerProcess(std::string program, std::vector<std::string> arguments,
                             std::string log_file)
    : words_(std::move(arguments)), log_file_(std::move(log_file)) {
  words_.insert(words_.begin(), std::move(program));
}

bool ServerProcess::Start() {
  COMET_CHECK(pid_ < 0);
  exit_code_.reset();
  const int out = Spawn();
  const std::string greeting = ReadLine(out);
  ::close(out);
  if (greeting.empty()) return Reap(), false;  // it has closed its output: it ends
  if (greeting.find("boot success") == std::string::npos) return Kill(), false;
  port_ = PortOf(greeting);
  return true;
}

int ServerProcess::Spawn() {
  std::vector<char*> arguments;
  for (auto& word : words_) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int out[2];
  COMET_CHECK(::pipe2(out, O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  if (!log_file_.empty()) {
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_file_.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0644);
  }
  const int spawned =
      ::posix_spawn(&pid_, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  COMET_CHECK_EQ(spawned, 0);
  return out[0];
}

// Up to the end of the line or of the process.
std::string ServerProcess::ReadLine(int from) const {
  std::string line;
  for (char next = 0; ::read(from, &next, 1) == 1 && next != '\n';) line += next;
  return line;
}

void ServerProcess::Reap() {
  int status = 0;
  COMET_CHECK_EQ(::waitpid(pid_, &status, 0), pid_);
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  pid_ = -1;
}

void ServerProcess::Kill() {
  if (pid_ < 0) return;
  ended_at_ = SystemClock().Now();
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void ServerProcess::Stop() {
  if (pid_ < 0) return;
  ended_at_ = SystemClock().Now();
  ::kill(pid_, SIGTERM);
  Reap();
}

void ServerProcess::Suspend() {
  if (pid_ >= 0) ::kill(pid_, SIGSTOP);
}

void ServerProcess::Resume() {
  if (pid_ >= 0) ::kill(pid_, SIGCONT);
}

}  // namespace comet
