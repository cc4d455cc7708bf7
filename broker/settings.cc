#include "broker/settings.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "remoting/base/java_properties.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"

namespace comet::broker {
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
  for (const auto& line : lines.lines) {
    if (live.contains(line.key)) at_once.lines.push_back(line);
  }
  if (!parts_.file.empty()) COMET_TRY(KeepChange(parts_.fs, parts_.file, lines, change));
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

}  // namespace comet::broker
