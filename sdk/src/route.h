#pragma once

#include <comet/message.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "remoting/net/client_pool.h"
#include "remoting/wire/bodies/topic_route.h"

namespace comet::client {

// A broker that takes messages.
struct Master {
  std::string broker;   // its name
  std::string address;  // where it takes them
  std::shared_ptr<net::Client> server;
};

struct Route;
using RoutePtr = std::shared_ptr<const Route>;

// Where the queues of a topic are, as a name server said last.
struct Route {
  std::string wire_topic;  // as the servers call it; queues have the application's name
  std::vector<Queue> writable;
  std::vector<Queue> readable;
  std::vector<std::size_t> master_of_writable;  // writable[i] is on masters[master_of_writable[i]]
  std::vector<Master> masters;
  // Broker name -> id (0 is the master) -> address.
  std::unordered_map<std::string, std::map<std::int64_t, std::string>> brokers;

  // Empty if the broker has no master at present.
  std::string MasterOf(const std::string& broker) const;
  // Null if the broker has no master at present.
  const Master* MasterNamed(std::string_view broker) const;
  // The broker with that id, else the master, else any; empty if the name is unknown.
  std::string ReaderOf(const std::string& broker, std::int64_t id) const;
  // The brokers of this route as those that will create another topic.
  RoutePtr ForNewTopic(const std::string& topic, std::string wire_topic, int queues_max) const;
};

// What a name server has answered, made ready for use. `topic` is the application's name; with
// `vip_channel` masters take messages two ports below the one they announce.
RoutePtr MakeRoute(const std::string& topic, std::string wire_topic, bool vip_channel,
                   net::ClientPool& pool, wire::TopicRouteData data);

}  // namespace comet::client
