#include "sdk/src/route_cache.h"

#include <algorithm>
#include <future>
#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/net/endpoint.h"
#include "remoting/wire/bodies/topic_route.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/requests/get_route.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/error_mapping.h"
#include "sdk/src/name_space.h"

namespace comet::client {
namespace {

constexpr int kMaxQueues = 65536;  // of one topic on one broker; more is nonsense

void AppendQueues(const std::string& topic, const std::string& broker, int count,
                  std::vector<Queue>* queues) {
  for (int id = 0; id < std::min(count, kMaxQueues); ++id) queues->push_back({topic, broker, id});
}

// Only brokers with a master can be written to; queues in the order of broker names, so that
// every client sees the same list.
RoutePtr MakeRoute(const std::string& topic, std::string wire_topic, wire::TopicRouteData data) {
  auto route = std::make_shared<Route>();
  route->wire_topic = std::move(wire_topic);
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
    if (wire::perm::IsWritable(queues.perm) && !route->MasterOf(queues.broker_name).empty()) {
      AppendQueues(topic, queues.broker_name, queues.write_queues, &route->writable);
    }
  }
  return route;
}

}  // namespace

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

RouteCache::RouteCache(net::ClientPool& pool, std::vector<std::string> name_servers,
                       std::string name_space, Duration call_timeout, Duration refresh_interval,
                       BrokersCallback on_new_brokers)
    : pool_(pool),
      name_servers_(std::move(name_servers)),
      name_space_(std::move(name_space)),
      call_timeout_(call_timeout),
      refresh_interval_(refresh_interval),
      on_new_brokers_(std::move(on_new_brokers)) {}

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
    Ask(topic, 0, {});
  }
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

void RouteCache::Ask(const std::string& topic, std::size_t attempt, std::string errors) {
  if (attempt == name_servers_.size()) {
    Finish(topic, Error(Errc::no_route, Concat("no name server could be asked for the route of ",
                                               topic, ": ", errors)));
    return;
  }
  std::string server;
  {
    MutexLock lock(mutex_);
    server = name_servers_[(current_server_ + attempt) % name_servers_.size()];
  }
  wire::GetRoute::Header header;
  const std::string wire_topic = WrapName(name_space_, topic);
  header.topic = wire_topic;
  header.standard_json = true;
  net::CallOptions options;
  options.timeout = call_timeout_;
  const auto client = pool_.Get(server);
  client->Call<wire::GetRoute>(
      header, {}, options,
      [this, topic, attempt, server, errors](StatusOr<net::Answer<wire::GetRoute>> answer) {
        if (!answer.ok()) {
          Ask(topic, attempt + 1, Concat(errors, server, ": ", answer.error().message(), "; "));
          return;
        }
        if (!answer->ok()) {
          Finish(topic, FromResponse(answer->code, answer->remark, Concat("the route of ", topic),
                                     server));
          return;
        }
        auto data = FromJson<wire::TopicRouteData>(answer->body);
        if (!data.ok()) {
          Finish(topic, FromStatus(data.error(), Concat("the route of ", topic), server));
          return;
        }
        {
          MutexLock lock(mutex_);
          current_server_ = (current_server_ + attempt) % name_servers_.size();
        }
        Finish(topic, MakeRoute(topic, WrapName(name_space_, topic), data.Take()));
      });
}

void RouteCache::Finish(const std::string& topic, Result<RoutePtr> outcome) {
  std::vector<Callback> waiting;
  std::vector<std::string> new_brokers;
  {
    MutexLock lock(mutex_);
    Entry& entry = entries_[topic];
    entry.asking = false;
    waiting.swap(entry.waiting);
    if (outcome) {
      entry.route = *outcome;
      entry.fresh_until = SystemClock().Now() + refresh_interval_;
      new_brokers = AddBrokers(**outcome);
    } else if (entry.route && outcome.error().code() == Errc::no_route) {
      // Traffic goes on with what is known while all name servers are down.
      entry.fresh_until = SystemClock().Now() + std::chrono::seconds(1);
      outcome = entry.route;
    }
  }
  if (!new_brokers.empty()) on_new_brokers_(new_brokers);
  for (Callback& done : waiting) done(outcome);
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
