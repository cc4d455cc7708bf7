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

#include "test/base/temp_directory.h"

namespace comet {
namespace {

using testing::HasSubstr;
using testing::Not;

// A running program; standard output and error come through one pipe. Killed at the end.
class Child {
 public:
  explicit Child(std::vector<std::string> arguments, const std::string& home,
                 const std::string& namesrv_addr = {}) {
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
      if (!namesrv_addr.empty()) setenv("NAMESRV_ADDR", namesrv_addr.c_str(), 1);
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

class Home {
 protected:
  Home() {}

  std::string Write(const std::string& text) {
    std::ofstream(home_ / "a.conf") << text;
    return home_ / "a.conf";
  }

  TempDirectory home_;
};

class Servers : public testing::TestWithParam<const char*>, protected Home {
 protected:
  std::string Name() const { return std::filesystem::path(GetParam()).filename(); }
  Child Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), GetParam());
    return Child(std::move(arguments), home_.path());
  }
  std::string Read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
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
  auto file = Run({"-c", home_ / "absent.conf"});
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
  auto child = Run({"--set", "listenPort=0", "--logDir", home_.path()});
  child.ReadUntil("boot success");
  const auto log = home_ / Name() + ".log";
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

// A line that is a line, with a value that may not be.
struct BadLine {
  const char* program;
  const char *key, *value, *allowed;
};

const BadLine kBadLines[] = {
    {MQBROKER, "autoCreateTopicEnable", "perhaps", "true or false"},
    {MQBROKER, "bindAddress", "banana", "an IP address"},
    {MQBROKER, "bindAddress", "", "an IP address"},
    {MQBROKER, "brokerClusterName", "../up", "only letters, digits, _ and -"},
    {MQBROKER, "brokerClusterName", "", "only letters, digits, _ and -"},
    {MQBROKER, "brokerIP1", "banana", "an IP address"},
    {MQBROKER, "brokerIP2", "10.0.0.256", "an IP address"},
    {MQBROKER, "brokerId", "1", "0, the id of a master"},
    {MQBROKER, "brokerName", "a/b", "only letters, digits, _ and -"},
    {MQBROKER, "brokerPermission", "7", "from 0 to 6"},
    {MQBROKER, "brokerRole", "SLAVE", "slaves have 1 and up"},
    {MQBROKER, "brokerRole", "banana", "ASYNC_MASTER"},
    {MQBROKER, "deleteWhen", "banana", "hours from 00 to 23, separated by ;"},
    {MQBROKER, "deleteWhen", "", "hours from 00 to 23, separated by ;"},
    {MQBROKER, "deleteWhen", "04;24", "hours from 00 to 23, separated by ;"},
    {MQBROKER, "deleteWhen", "04;;16", "hours from 00 to 23, separated by ;"},
    {MQBROKER, "deleteWhen", "-1", "hours from 00 to 23, separated by ;"},
    {MQBROKER, "flushDiskType", "SOMETIMES", "SYNC_FLUSH, ASYNC_FLUSH"},
    {MQBROKER, "listenPort", "2", "0 and 3 to 65533"},
    {MQBROKER, "mappedFileSizeConsumeQueue", "30", "a multiple of 20"},
    {MQBROKER, "messageDelayLevel", "1s 5x", "a number followed by s, m, h or d"},
    {MQBROKER, "msgTraceTopicName", "a b", "a topic name"},
    {MQBROKER, "namesrvAddr", "banana", "host:port;host:port"},
    {MQBROKER, "namesrvAddr", "127.0.0.1:9876;b:99999", "'b:99999' has no port between"},
    {MQBROKER, "netOutputLimitBytes", "65536", "not be below netOutputHighWaterBytes"},
    {MQBROKER, "storePathCommitLog", "/a,/b", "one directory"},
    {MQBROKER, "storePathRootDir", "", "a directory"},
    {MQNAMESRV, "bindAddress", "banana", "an IP address"},
    {MQNAMESRV, "netOutputHighWaterBytes", "1000000000", "not be below netOutputHighWaterBytes"},
    {MQNAMESRV, "scanNotActiveBrokerInterval", "1", "from 10 to"},
};

class RefusedLine : public testing::TestWithParam<BadLine>, protected Home {};

TEST_P(RefusedLine, StopsTheStartWithFileLineKeyAndWhatIsAllowed) {
  const auto& line = GetParam();
  const std::string setting = std::string(line.key) + "=" + line.value;
  const auto conf = Write("# what is kept\nlistenPort=0\n" + setting + "\n");
  Child file({line.program, "-c", conf}, home_.path());
  EXPECT_THAT(file.ReadAll(), AllOf(HasSubstr(conf + ":3: " + line.key), HasSubstr(line.allowed)));
  EXPECT_EQ(file.ExitCode(), 1);
  Child argument({line.program, "--set", setting}, home_.path());
  EXPECT_THAT(argument.ReadAll(),
              AllOf(HasSubstr(std::string("--set:1: ") + line.key), HasSubstr(line.allowed)));
  EXPECT_EQ(argument.ExitCode(), 1);
}

INSTANTIATE_TEST_SUITE_P(Each, RefusedLine, testing::ValuesIn(kBadLines), [](const auto& each) {
  return std::string(each.param.key) + "_" + std::to_string(each.index);
});

class NameServerList : public testing::Test, protected Home {};

TEST_F(NameServerList, OfTheEnvironmentAndTheCommandLineIsChecked) {
  Child argument({MQBROKER, "-n", "a:1;banana", "-p"}, home_.path());
  EXPECT_THAT(argument.ReadAll(), HasSubstr("-n: \"a:1;banana\" is not allowed; allowed is host:"));
  EXPECT_EQ(argument.ExitCode(), 1);
  Child environment({MQBROKER, "-p"}, home_.path(), "banana");
  EXPECT_THAT(environment.ReadAll(), HasSubstr("NAMESRV_ADDR: \"banana\" is not allowed"));
  EXPECT_EQ(environment.ExitCode(), 1);
}

TEST_F(NameServerList, OfTheEnvironmentGivesWayToAStrongerOne) {
  for (const std::vector<std::string>& stronger :
       {std::vector<std::string>{"-n", "a:1"}, {"--set", "namesrvAddr=a:1"}}) {
    for (const char* environment : {"banana", "b:1"}) {
      std::vector<std::string> arguments{MQBROKER, "-p"};
      arguments.insert(arguments.end(), stronger.begin(), stronger.end());
      Child child(arguments, home_.path(), environment);
      EXPECT_THAT(child.ReadAll(), HasSubstr("namesrvAddr=a:1\n"));
      EXPECT_EQ(child.ExitCode(), 0);
    }
  }
}

}  // namespace
}  // namespace comet
