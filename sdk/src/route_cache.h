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
#include "remoting/wire/requests/get_route.h"
#include "sdk/src/route.h"

namespace comet::client {

// The routes of the topics in use. Answers from memory while a route is younger than the refresh
// interval, and with the last known one while no name server knows better. Thread-safe. Every topic
// asked for is kept for ever: they are the application's own.
class RouteCache {
 public:
  using Callback = UniqueFunction<void(Result<RoutePtr>)>;
  using BrokersCallback = std::function<void(const std::vector<std::string>& addresses)>;

  struct Options {
    std::vector<std::string> name_servers;  // asked in turn, beginning with the last that answered
    std::string name_space;                 // topics here have the application's names, without it
    bool vip_channel = false;               // masters take messages two ports below the announced
    Duration call_timeout;
    Duration refresh_interval;
  };

  // `on_new_brokers` gets the addresses that no route had before, on a loop, before the route is
  // given out.
  RouteCache(net::ClientPool& pool, Options options, BrokersCallback on_new_brokers);

  // What is known, however old, and null otherwise; has it refreshed when it is due. Traffic does
  // not wait for name servers.
  RoutePtr Known(const std::string& topic, MonoTime now) EXCLUDES(mutex_);
  // Calls back at once if the route is known, otherwise on a loop; in the order of the calls. Name
  // servers are given no longer than `deadline`, in equal parts.
  void Get(const std::string& topic, Callback done, MonoTime deadline = MonoTime::max())
      EXCLUDES(mutex_);
  // Waits; not on a loop.
  Result<RoutePtr> GetAndWait(const std::string& topic);
  // Replaces the list; calls under way go on with the old one.
  void SetNameServers(std::vector<std::string> name_servers) EXCLUDES(mutex_);
  // The next look asks a name server: the route has led to a broker that is not there.
  void Distrust(const std::string& topic) EXCLUDES(mutex_);
  // Addresses of all brokers of all known routes; heartbeats go there.
  std::vector<std::string> KnownBrokers() EXCLUDES(mutex_);

 private:
  struct Entry {
    RoutePtr route;  // null until a name server has answered once
    MonoTime fresh_until{};
    MonoTime ask_again{};  // not before, when a refresh has failed
    bool asking = false;
    std::vector<Callback> waiting;
  };

  struct Asking;
  void Ask(std::shared_ptr<Asking> asking);
  void Asked(const std::shared_ptr<Asking>& asking, StatusOr<net::Answer<wire::GetRoute>> answer);
  void Finish(const std::string& topic, Result<RoutePtr> outcome) EXCLUDES(mutex_);
  void StartAsking(const std::string& topic, MonoTime deadline) EXCLUDES(mutex_);
  std::vector<std::string> AddBrokers(const Route& route) REQUIRES(mutex_);

  net::ClientPool& pool_;
  const Options options_;
  const BrokersCallback on_new_brokers_;
  Mutex mutex_;
  std::vector<std::string> name_servers_ GUARDED_BY(mutex_);
  std::size_t current_server_ GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string, Entry> entries_ GUARDED_BY(mutex_);
  std::unordered_set<std::string> seen_brokers_ GUARDED_BY(mutex_);  // their addresses
};

}  // namespace comet::client
