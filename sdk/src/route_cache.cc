#include "sdk/src/route_cache.h"

#include <algorithm>
#include <future>
#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/net/endpoint.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/error_mapping.h"
#include "sdk/src/name_space.h"

namespace comet::client {
namespace {

constexpr Duration kAskAgain = std::chrono::seconds(1);  // after no name server knew better
constexpr int kMaxQueues = 65536;  // of one topic on one broker; more is nonsense

void AppendQueues(const std::string& topic, const std::string& broker, int count,
                  std::vector<Queue>* queues) {
  for (int id = 0; id < std::min(count, kMaxQueues); ++id) queues->push_back({topic, broker, id});
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

// One question, which goes from name server to name server.
struct RouteCache::Asking {
  std::string topic, wire_topic;
  std::vector<std::string> servers;
  std::size_t first = 0;  // who is asked first
  std::size_t attempt = 0;
  std::string errors;

  const std::string& server() const { return servers[(first + attempt) % servers.size()]; }
};

// Only brokers with a master can be written to; queues in the order of broker names, so that
// every client sees the same list.
RoutePtr RouteCache::MakeRoute(const std::string& topic, wire::TopicRouteData data) {
  auto route = std::make_shared<Route>();
  route->wire_topic = WrapName(options_.name_space, topic);
  for (auto& broker : data.brokers) {
    route->brokers[broker.broker_name] = std::move(broker.addresses);
  }
  std::sort(data.queues.begin(), data.queues.end(),
            [](const auto& a, const auto& b) { return a.broker_name < b.broker_name; });
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
      const std::string address = SendAddress(route->MasterOf(queue.broker), options_.vip_channel);
      route->masters.push_back({queue.broker, address, pool_.Get(address)});
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

RouteCache::RouteCache(net::ClientPool& pool, Options options, BrokersCallback on_new_brokers)
    : pool_(pool),
      options_(std::move(options)),
      on_new_brokers_(std::move(on_new_brokers)),
      name_servers_(options_.name_servers) {}

RoutePtr RouteCache::Known(const std::string& topic, MonoTime now) {
  RoutePtr known;
  {
    MutexLock lock(mutex_);
    const auto found = entries_.find(topic);
    if (found == entries_.end() || !found->second.route) return nullptr;
    Entry& entry = found->second;
    known = entry.route;
    if (now < entry.fresh_until || now < entry.ask_again || entry.asking) return known;
    entry.asking = true;
  }
  StartAsking(topic);
  return known;
}

void RouteCache::Get(const std::string& topic, Callback done) {
  RoutePtr known;
  {
    MutexLock lock(mutex_);
    Entry& entry = entries_[topic];
    if (entry.route && SystemClock().Now() < entry.fresh_until) {
      known = entry.route;
    } else {
      entry.waiting.push_back(std::move(done));
      if (entry.asking) return;
      entry.asking = true;
    }
  }
  if (known) {
    done(std::move(known));
  } else {
    StartAsking(topic);
  }
}

void RouteCache::SetNameServers(std::vector<std::string> name_servers) {
  MutexLock lock(mutex_);
  name_servers_ = std::move(name_servers);
  current_server_ = 0;
}

Result<RoutePtr> RouteCache::GetAndWait(const std::string& topic) {
  std::promise<Result<RoutePtr>> answer;
  auto future = answer.get_future();
  Get(topic, [&answer](Result<RoutePtr> route) { answer.set_value(std::move(route)); });
  return future.get();
}

void RouteCache::Distrust(const std::string& topic) {
  MutexLock lock(mutex_);
  const auto entry = entries_.find(topic);
  if (entry != entries_.end()) entry->second.fresh_until = MonoTime();
}

std::vector<std::string> RouteCache::KnownBrokers() {
  MutexLock lock(mutex_);
  std::vector<std::string> addresses;
  for (const auto& [topic, entry] : entries_) {
    if (!entry.route) continue;
    for (const auto& [name, by_id] : entry.route->brokers) {
      for (const auto& [id, address] : by_id) addresses.push_back(address);
    }
  }
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  return addresses;
}

void RouteCache::StartAsking(const std::string& topic) {
  auto asking = std::make_shared<Asking>();
  asking->topic = topic;
  asking->wire_topic = WrapName(options_.name_space, topic);
  {
    MutexLock lock(mutex_);
    asking->servers = name_servers_;
    asking->first = current_server_;
  }
  Ask(std::move(asking));
}

void RouteCache::Ask(std::shared_ptr<Asking> asking) {
  if (asking->attempt == asking->servers.size()) {
    Finish(asking->topic,
           Error(Errc::not_connected,
                 Concat("no name server could be asked for the route of ", asking->topic, ": ",
                        asking->errors,
                        "; check ClientOptions::namesrv and that a name server runs there")));
    return;
  }
  wire::GetRoute::Header header;
  header.topic = asking->wire_topic;
  header.standard_json = true;
  net::CallOptions options;
  options.timeout = options_.call_timeout;
  const auto client = pool_.Get(asking->server());
  client->Call<wire::GetRoute>(header, {}, options,
                               [this, asking](StatusOr<net::Answer<wire::GetRoute>> answer) {
                                 Asked(asking, std::move(answer));
                               });
}

void RouteCache::Asked(const std::shared_ptr<Asking>& asking,
                       StatusOr<net::Answer<wire::GetRoute>> answer) {
  const std::string& server = asking->server();
  const std::string& topic = asking->topic;
  if (!answer.ok()) {
    asking->errors +=
        Concat(asking->errors.empty() ? "" : "; ", server, ": ", answer.error().message());
    ++asking->attempt;
    Ask(asking);
    return;
  }
  if (!answer->ok()) {
    Finish(topic,
           FromResponse(answer->code, answer->remark, Concat("the route of ", topic), server));
    return;
  }
  auto data = FromJson<wire::TopicRouteData>(answer->body);
  if (!data.ok()) {
    Finish(topic, FromStatus(data.error(), Concat("the route of ", topic), server));
    return;
  }
  {
    MutexLock lock(mutex_);
    if (name_servers_ == asking->servers) {
      current_server_ = (asking->first + asking->attempt) % asking->servers.size();
    }
  }
  Finish(topic, MakeRoute(topic, data.Take()));
}

// Those who wait get it before anybody can take it from memory, so that the order of the calls is
// the order of the answers.
void RouteCache::Finish(const std::string& topic, Result<RoutePtr> outcome) {
  std::vector<std::string> new_brokers;
  {
    MutexLock lock(mutex_);
    Entry& entry = entries_[topic];
    if (outcome) {
      new_brokers = AddBrokers(**outcome);
    } else if (entry.route && outcome.error().code() == Errc::not_connected) {
      outcome = entry.route;  // traffic goes on with what is known while all name servers are down
      entry.fresh_until = SystemClock().Now() + kAskAgain;
    }
    if (!outcome) entry.ask_again = SystemClock().Now() + kAskAgain;
  }
  if (!new_brokers.empty()) on_new_brokers_(new_brokers);
  for (;;) {
    std::vector<Callback> waiting;
    {
      MutexLock lock(mutex_);
      Entry& entry = entries_[topic];
      waiting.swap(entry.waiting);
      if (waiting.empty()) {
        entry.asking = false;
        if (!outcome || entry.route == *outcome) return;
        entry.route = std::move(*outcome);
        entry.fresh_until = SystemClock().Now() + options_.refresh_interval;
        return;
      }
    }
    for (Callback& done : waiting) done(outcome);
  }
}

std::vector<std::string> RouteCache::AddBrokers(const Route& route) {
  std::vector<std::string> added;
  for (const auto& [name, by_id] : route.brokers) {
    for (const auto& [id, address] : by_id) {
      if (seen_brokers_.insert(address).second) added.push_back(address);
    }
  }
  return added;
}

Result<std::vector<std::string>> ParseNameServers(std::string_view text) {
  std::vector<std::string> servers;
  while (!text.empty()) {
    const auto end = text.find(';');
    const std::string_view part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (part.empty()) continue;
    if (const auto address = net::ParseHostPort(part); !address.ok()) {
      return Error(Errc::invalid_argument,
                   Concat("name server '", part, "': ", address.error().message()));
    }
    servers.emplace_back(part);
  }
  if (servers.empty()) {
    return Error(Errc::invalid_argument,
                 "no name server given: set ClientOptions::namesrv or the environment variable "
                 "NAMESRV_ADDR to host:port, several separated by ';'");
  }
  return servers;
}

}  // namespace comet::client
