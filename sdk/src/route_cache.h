#pragma once

#include <comet/message.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/base/unique_function.h"
#include "remoting/net/client_pool.h"

namespace comet::client {

// Where the queues of a topic are, as a name server said last.
struct Route {
  std::string wire_topic;  // as the servers call it; queues have the application's name
  std::vector<Queue> writable;
  std::vector<Queue> readable;
  // Broker name -> id (0 is the master) -> address.
  std::unordered_map<std::string, std::map<std::int64_t, std::string>> brokers;

  // Empty if the broker has no master at present.
  std::string MasterOf(const std::string& broker) const;
  // The broker with that id, else the master, else any; empty if the name is unknown.
  std::string ReaderOf(const std::string& broker, std::int64_t id) const;
};
using RoutePtr = std::shared_ptr<const Route>;

// The routes of the topics in use. Answers from memory while a route is younger than the refresh
// interval, and with the last known one while no name server answers. Thread-safe.
class RouteCache {
 public:
  using Callback = UniqueFunction<void(Result<RoutePtr>)>;
  using BrokersCallback = std::function<void(const std::vector<std::string>& addresses)>;

  // Topics have the application's names, without `name_space`.
  // `name_servers` are asked in turn, beginning with the one that answered last. `on_new_brokers`
  // gets the addresses that no route had before, on a loop, before the route is given out.
  RouteCache(net::ClientPool& pool, std::vector<std::string> name_servers, std::string name_space,
             Duration call_timeout, Duration refresh_interval, BrokersCallback on_new_brokers);

  // Calls back at once if the route is known, otherwise on a loop.
  void Get(const std::string& topic, Callback done) EXCLUDES(mutex_);
  // Waits; not on a loop.
  Result<RoutePtr> GetAndWait(const std::string& topic);
  // The next Get asks a name server: the route has led to a broker that is not there.
  void Distrust(const std::string& topic) EXCLUDES(mutex_);
  // Addresses of all brokers of all known routes; heartbeats go there.
  std::vector<std::string> KnownBrokers() EXCLUDES(mutex_);

 private:
  struct Entry {
    RoutePtr route;  // null until a name server has answered once
    MonoTime fresh_until{};
    bool asking = false;
    std::vector<Callback> waiting;
  };

  void Ask(const std::string& topic, std::size_t attempt, std::string errors);
  void Finish(const std::string& topic, Result<RoutePtr> outcome) EXCLUDES(mutex_);
  std::vector<std::string> AddBrokers(const Route& route) REQUIRES(mutex_);

  net::ClientPool& pool_;
  const std::vector<std::string> name_servers_;
  const std::string name_space_;
  const Duration call_timeout_;
  const Duration refresh_interval_;
  const BrokersCallback on_new_brokers_;
  Mutex mutex_;
  std::size_t current_server_ GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string, Entry> entries_ GUARDED_BY(mutex_);
  std::unordered_set<std::string> seen_brokers_ GUARDED_BY(mutex_);  // their addresses
};

// Splits "host:port;host:port" and checks every part.
Result<std::vector<std::string>> ParseNameServers(std::string_view text);

}  // namespace comet::client
