// The two servers as an operator meets them: flags, output, exit codes, signals.

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace comet {
namespace {

using testing::HasSubstr;
using testing::Not;

// A running program; standard output and error come through one pipe. Killed at the end.
class Child {
 public:
  explicit Child(std::vector<std::string> arguments, const std::string& home) {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      dup2(ends[1], STDERR_FILENO);
      close(ends[0]);
      close(ends[1]);
      setenv("HOME", home.c_str(), 1);
      unsetenv("NAMESRV_ADDR");
      unsetenv("COMET_LOG_DIR");
      std::vector<char*> pointers;
      for (auto& argument : arguments) pointers.push_back(argument.data());
      pointers.push_back(nullptr);
      execv(pointers[0], pointers.data());
      _exit(127);
    }
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    fclose(output_);
  }

  // The output up to and including the first line with `part`; all of it when none has.
  std::string ReadUntil(const std::string& part) {
    std::string text;
    std::array<char, 4096> line{};
    while (fgets(line.data(), line.size(), output_) != nullptr) {
      text += line.data();
      if (text.find(part) != std::string::npos) return text;
    }
    return text;
  }
  std::string ReadAll() { return ReadUntil("\n\n\n"); }

  void Signal(int signal) { kill(pid_, signal); }
  int ExitCode() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
  FILE* output_ = nullptr;
};

class Servers : public testing::TestWithParam<const char*> {
 protected:
  Servers() {
    std::string pattern = testing::TempDir() + "program_test_XXXXXX";
    home_ = mkdtemp(pattern.data());
  }
  ~Servers() override { std::filesystem::remove_all(home_); }

  std::string Name() const { return std::filesystem::path(GetParam()).filename(); }
  Child Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), GetParam());
    return Child(std::move(arguments), home_);
  }
  std::string Write(const std::string& text) {
    std::ofstream(home_ + "/a.conf") << text;
    return home_ + "/a.conf";
  }
  std::string Read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string home_;
};

TEST_P(Servers, HelpNamesEveryFlagAndSucceeds) {
  for (const char* flag : {"-h", "--help"}) {
    auto child = Run({flag});
    const auto text = child.ReadAll();
    for (const char* part : {"-c", "-n", "-p", "-m", "-h", "--set", "--logDir", "SIGHUP"}) {
      EXPECT_THAT(text, HasSubstr(part));
    }
    EXPECT_EQ(child.ExitCode(), 0);
  }
}

TEST_P(Servers, PrintTheirSettingsWithTheFilesAndTheCommandLinesValues) {
  const auto conf = Write("listenPort=12345\nserverChannelMaxIdleTimeSeconds=77\n");
  auto child = Run({"-p", "-c", conf, "--set", "listenPort=23456"});
  const auto text = child.ReadAll();
  EXPECT_THAT(text, HasSubstr("listenPort=23456\n"));
  EXPECT_EQ(child.ExitCode(), 0);

  auto important = Run({"-m", "-c", conf});
  const auto few = important.ReadAll();
  EXPECT_THAT(few, HasSubstr("listenPort=12345\n"));
  EXPECT_LT(few.size(), text.size());
  EXPECT_EQ(important.ExitCode(), 0);
}

TEST_P(Servers, RefuseALineOutOfRangeWithFileLineKeyAndRange) {
  const auto conf = Write("# ports\nlistenPort=99999\n");
  auto child = Run({"-c", conf});
  const auto text = child.ReadAll();
  EXPECT_THAT(text, HasSubstr(conf + ":2: listenPort: \"99999\" is not allowed"));
  EXPECT_THAT(text, HasSubstr("from 0 to 655"));
  EXPECT_EQ(child.ExitCode(), 1);
}

TEST_P(Servers, RefuseWhatTheyDoNotKnow) {
  auto file = Run({"-c", home_ + "/absent.conf"});
  EXPECT_THAT(file.ReadAll(), HasSubstr("absent.conf: No such file"));
  EXPECT_EQ(file.ExitCode(), 1);
  auto argument = Run({"start"});
  EXPECT_THAT(argument.ReadAll(), HasSubstr("unknown argument start"));
  EXPECT_EQ(argument.ExitCode(), 1);
  auto key = Run({"--set", "lisenPort=1"});
  EXPECT_THAT(key.ReadAll(), HasSubstr("the nearest is listenPort"));
  EXPECT_EQ(key.ExitCode(), 1);
}

TEST_P(Servers, StopCleanlyOnSigterm) {
  auto child = Run({"--set", "listenPort=0"});
  EXPECT_THAT(child.ReadUntil("boot success"), HasSubstr("boot success"));
  child.Signal(SIGTERM);
  EXPECT_THAT(child.ReadAll(), Not(HasSubstr("not everything was kept")));
  EXPECT_EQ(child.ExitCode(), 0);
}

TEST_P(Servers, ReopenTheirLogsOnSighup) {
  auto child = Run({"--set", "listenPort=0", "--logDir", home_});
  child.ReadUntil("boot success");
  const auto log = home_ + "/" + Name() + ".log";
  std::filesystem::rename(log, log + ".1");
  child.Signal(SIGHUP);
  child.Signal(SIGTERM);
  child.ReadAll();
  EXPECT_EQ(child.ExitCode(), 0);
  EXPECT_THAT(Read(log + ".1"), HasSubstr("boot success"));
  EXPECT_THAT(Read(log), HasSubstr("has stopped cleanly"));
}

INSTANTIATE_TEST_SUITE_P(Programs, Servers, testing::Values(MQBROKER, MQNAMESRV),
                         [](const auto& program) {
                           return std::filesystem::path(program.param).filename().string();
                         });

}  // namespace
}  // namespace comet
