#include "console/bench/process_usage.h"

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "remoting/base/text.h"

namespace comet::bench {
namespace {

StatusOr<std::string> ReadProc(pid_t pid, std::string_view file) {
  std::ifstream in(Concat("/proc/", pid, "/", file));
  if (!in) {
    return Status(Status::Code::kNotFound,
                  Concat("process ", pid, ": cannot read /proc/", pid, "/", file));
  }
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The number behind "key" in a text of "key: number" lines; 0 if it is not there.
std::int64_t NumberAfter(const std::string& text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string::npos) return 0;
  std::istringstream rest(text.substr(at + key.size()));
  std::int64_t number = 0;
  rest >> number;
  return number;
}

// stat(5): the name is in parentheses and may hold blanks; utime and stime are fields 14 and 15.
void ParseStat(const std::string& text, ProcessUsage* usage) {
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos) return;
  usage->name = text.substr(open + 1, close - open - 1);
  std::istringstream rest(text.substr(close + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) rest >> skipped;
  std::int64_t user_ticks = 0;
  std::int64_t system_ticks = 0;
  rest >> user_ticks >> system_ticks;
  usage->cpu_s =
      static_cast<double>(user_ticks + system_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void ParseNetwork(const std::string& text, ProcessUsage* usage) {
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    std::istringstream fields(line.substr(colon + 1));
    std::int64_t in = 0;
    std::int64_t skipped = 0;
    std::int64_t out = 0;
    fields >> in;
    for (int i = 0; i < 7; ++i) fields >> skipped;
    fields >> out;
    usage->network_in_bytes += in;
    usage->network_out_bytes += out;
  }
}

}  // namespace

ProcessUsage ProcessUsage::Since(const ProcessUsage& start) const {
  ProcessUsage used = *this;
  used.cpu_s -= start.cpu_s;
  used.disk_read_bytes -= start.disk_read_bytes;
  used.disk_write_bytes -= start.disk_write_bytes;
  used.network_in_bytes -= start.network_in_bytes;
  used.network_out_bytes -= start.network_out_bytes;
  return used;
}

StatusOr<ProcessUsage> ReadProcessUsage(pid_t pid) {
  ProcessUsage usage;
  usage.pid = pid;
  COMET_ASSIGN(const std::string stat, ReadProc(pid, "stat"));
  ParseStat(stat, &usage);
  COMET_ASSIGN(const std::string status, ReadProc(pid, "status"));
  usage.rss_bytes = NumberAfter(status, "VmRSS:") * 1024;
  usage.rss_max_bytes = NumberAfter(status, "VmHWM:") * 1024;
  auto io = ReadProc(pid, "io");  // only the owner and root may read it
  if (io.ok()) {
    usage.disk_read_bytes = NumberAfter(*io, "\nread_bytes:");
    usage.disk_write_bytes = NumberAfter(*io, "\nwrite_bytes:");
  }
  COMET_ASSIGN(const std::string network, ReadProc(pid, "net/dev"));
  ParseNetwork(network, &usage);
  return usage;
}

}  // namespace comet::bench
