#include "broker/settings.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "remoting/base/java_properties.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"

namespace comet::broker {
namespace {

constexpr std::uint64_t kFileBytesMax = 1 << 20;

// Whether a line of a properties file goes on in the next.
bool Continues(std::string_view line) {
  const auto last = line.find_last_not_of('\\');
  const auto slashes = line.size() - (last == std::string_view::npos ? 0 : last + 1);
  return slashes % 2 == 1;
}

std::string Escaped(std::string_view value) {
  std::string text;
  for (const char c : value) text.append(c == '\\' ? 2 : 1, c);
  return text;
}

}  // namespace

Settings::Settings(Parts parts, BrokerConfig broker, store::StoreConfig store, net::NetSettings net)
    : parts_(std::move(parts)), broker_(std::move(broker)), store_(std::move(store)), net_(net) {
  version_.timestamp_ms = parts_.clock.WallNow();
}

std::string Settings::Text() const {
  MutexLock lock(mutex_);
  auto broker = broker_;
  auto store = store_;
  auto net = net_;
  return PrintConfig(std::array{PartOf(broker), PartOf(store), PartOf(net)});
}

wire::DataVersion Settings::version() const {
  MutexLock lock(mutex_);
  return version_;
}

StatusOr<ConfigChange> Settings::Change(const JavaProperties& lines) {
  MutexLock lock(mutex_);
  auto broker = broker_;
  auto store = store_;
  auto net = net_;
  const std::array parts{PartOf(broker), PartOf(store), PartOf(net)};
  auto change = ChangeConfig(lines, parts);
  if (!change.errors.empty()) return change;
  if (parts_.file.empty()) {
    for (const auto& key : change.restart) {
      change.errors[key] =
          "applies at a start only, and there is no file to keep it in: mqbroker runs without -c";
    }
    if (!change.errors.empty()) return change;
  }
  const std::set<std::string> live(change.live.begin(), change.live.end());
  JavaProperties at_once{lines.source, {}};
  std::map<std::string, std::string> values;
  for (const auto& line : lines.lines) {
    if (live.contains(line.key)) at_once.lines.push_back(line);
    if (!IsRocketMqKey(line.key) ||
        std::find(change.ignored.begin(), change.ignored.end(), line.key) == change.ignored.end()) {
      values.insert_or_assign(line.key, line.value);
    }
  }
  if (!live.empty() || !change.restart.empty()) COMET_TRY(Keep(values));
  // The running broker gets what applies at once, and nothing that waits for a start.
  auto running = *parts_.live.Get();
  auto running_store = store_;
  ChangeConfig(at_once, std::array{PartOf(running), PartOf(running_store)});
  parts_.live.Replace(std::move(running));
  parts_.change_store(store);
  broker_ = std::move(broker);
  store_ = std::move(store);
  net_ = net;
  version_.timestamp_ms = parts_.clock.WallNow();
  ++version_.counter;
  return change;
}

Status Settings::Keep(const std::map<std::string, std::string>& values) {
  if (parts_.file.empty()) return {};
  COMET_ASSIGN(const bool exists, parts_.fs.Exists(parts_.file));
  std::string text;
  if (exists) {
    COMET_ASSIGN(text, ReadFile(parts_.fs, parts_.file, kFileBytesMax));
    COMET_TRY(WriteFileAtomically(parts_.fs, parts_.file + ".bak", text));
  }
  return WriteFileAtomically(parts_.fs, parts_.file, Merge(text, values));
}

std::string Settings::Merge(std::string_view text,
                            const std::map<std::string, std::string>& values) {
  const auto parsed = ParseJavaProperties(text, "");
  std::map<int, std::string> replaced;  // by the line an entry begins in
  auto missing = values;
  for (const auto& entry : parsed.ok() ? parsed->lines : std::vector<PropertyLine>()) {
    const auto wanted = values.find(entry.key);
    if (wanted == values.end()) continue;
    replaced[entry.line] = Concat(entry.key, '=', Escaped(wanted->second), '\n');
    missing.erase(entry.key);
  }
  std::string merged;
  bool in_replaced = false;
  for (int number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto found = replaced.find(number);
    if (found != replaced.end()) merged += found->second;
    if (found == replaced.end() && !in_replaced) merged.append(line).push_back('\n');
    in_replaced = (in_replaced || found != replaced.end()) && Continues(line);
  }
  for (const auto& [key, value] : missing) merged += Concat(key, '=', Escaped(value), '\n');
  return merged;
}

}  // namespace comet::broker
