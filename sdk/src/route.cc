#include "sdk/src/route.h"

#include <algorithm>
#include <utility>

#include "remoting/base/text.h"
#include "remoting/wire/flags.h"

namespace comet::client {
namespace {

constexpr int kMaxQueues = 65536;                 // of one topic on one broker; more is nonsense
constexpr std::size_t kMaxQueuesInAll = 1 << 20;  // of one topic; what a bad answer may cost

void AppendQueues(const std::string& topic, const std::string& broker, int count,
                  std::vector<Queue>* queues) {
  for (int id = 0; id < std::min(count, kMaxQueues); ++id) {
    if (queues->size() == kMaxQueuesInAll) return;
    queues->push_back({topic, broker, id});
  }
}

// "broker-a:4;broker-b:4": which queues an ordered topic has, whatever its brokers say.
void AppendOrdered(const std::string& topic, std::string_view conf, std::vector<Queue>* queues) {
  while (!conf.empty()) {
    const auto end = conf.find(';');
    const std::string_view part = conf.substr(0, end);
    conf = end == std::string_view::npos ? std::string_view() : conf.substr(end + 1);
    const auto colon = part.find(':');
    if (colon == std::string_view::npos) continue;
    const auto count = ParseNumber<int>(part.substr(colon + 1));
    if (count) AppendQueues(topic, std::string(part.substr(0, colon)), *count, queues);
  }
}

// Brokers take messages on a second port, two below the one they announce.
std::string SendAddress(const std::string& master, bool vip_channel) {
  const auto colon = master.rfind(':');
  if (!vip_channel || colon == std::string::npos) return master;
  const auto port = ParseNumber<int>(std::string_view(master).substr(colon + 1));
  if (!port || *port <= 2) return master;
  return Concat(std::string_view(master).substr(0, colon + 1), *port - 2);
}

}  // namespace

// Only brokers with a master can be written to; queues in the order of broker names, so that
// every client sees the same list.
RoutePtr MakeRoute(const std::string& topic, std::string wire_topic, bool vip_channel,
                   net::ClientPool& pool, wire::TopicRouteData data) {
  auto route = std::make_shared<Route>();
  route->wire_topic = std::move(wire_topic);
  for (auto& broker : data.brokers) {
    route->brokers[broker.broker_name] = std::move(broker.addresses);
  }
  std::stable_sort(data.queues.begin(), data.queues.end(),
                   [](const auto& a, const auto& b) { return a.broker_name < b.broker_name; });
  const auto repeated =
      std::unique(data.queues.begin(), data.queues.end(),
                  [](const auto& a, const auto& b) { return a.broker_name == b.broker_name; });
  data.queues.erase(repeated, data.queues.end());
  for (const auto& queues : data.queues) {
    if (route->brokers.count(queues.broker_name) == 0) continue;
    if (wire::perm::IsReadable(queues.perm)) {
      AppendQueues(topic, queues.broker_name, queues.read_queues, &route->readable);
    }
    if (wire::perm::IsWritable(queues.perm)) {
      AppendQueues(topic, queues.broker_name, queues.write_queues, &route->writable);
    }
  }
  if (data.order_conf && !data.order_conf->empty()) {
    route->writable.clear();
    AppendOrdered(topic, *data.order_conf, &route->writable);
  }
  std::erase_if(route->writable,
                [&](const Queue& queue) { return route->MasterOf(queue.broker).empty(); });
  for (const Queue& queue : route->writable) {
    if (route->masters.empty() || route->masters.back().broker != queue.broker) {
      const std::string address = SendAddress(route->MasterOf(queue.broker), vip_channel);
      route->masters.push_back({queue.broker, address, pool.Get(address)});
    }
    route->master_of_writable.push_back(route->masters.size() - 1);
  }
  return route;
}

const Master* Route::MasterNamed(std::string_view broker) const {
  const auto found = std::find_if(masters.begin(), masters.end(),
                                  [&](const Master& one) { return one.broker == broker; });
  return found == masters.end() ? nullptr : &*found;
}

RoutePtr Route::ForNewTopic(const std::string& topic, std::string new_wire_topic,
                            int queues_max) const {
  auto copy = std::make_shared<Route>(*this);
  copy->wire_topic = std::move(new_wire_topic);
  copy->writable.clear();
  copy->master_of_writable.clear();
  for (std::size_t i = 0; i < writable.size(); ++i) {
    if (writable[i].id >= queues_max) continue;
    copy->writable.push_back({topic, writable[i].broker, writable[i].id});
    copy->master_of_writable.push_back(master_of_writable[i]);
  }
  return copy;
}

std::string Route::MasterOf(const std::string& broker) const {
  const auto found = brokers.find(broker);
  if (found == brokers.end()) return {};
  const auto master = found->second.find(0);
  return master == found->second.end() ? std::string() : master->second;
}

std::string Route::ReaderOf(const std::string& broker, std::int64_t id) const {
  const auto found = brokers.find(broker);
  if (found == brokers.end() || found->second.empty()) return {};
  for (const std::int64_t wanted : {id, std::int64_t{0}}) {
    const auto address = found->second.find(wanted);
    if (address != found->second.end()) return address->second;
  }
  return found->second.begin()->second;
}

}  // namespace comet::client
