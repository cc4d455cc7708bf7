#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "namesrv/limits.h"
#include "remoting/base/json.h"
#include "remoting/wire/bodies/topic_route.h"

namespace comet::namesrv {

// Topic -> brokers that hold queues of it. A topic without a broker does not exist.
// Not synchronised: Registry owns it and its lock.
class RouteTable {
 public:
  using Brokers = std::map<std::string, wire::QueueData, std::less<>>;  // by broker name

  explicit RouteTable(std::size_t topics_max = kTopicsMax) : topics_max_(topics_max) {}

  // Null when no broker has the topic. Valid until the next change.
  const Brokers* Find(std::string_view topic) const;
  bool Has(std::string_view topic, std::string_view broker) const;

  // Creates or replaces. False when the table is full; only a new topic can be refused.
  bool Put(std::string_view topic, const wire::QueueData& queues);

  void RemoveTopic(std::string_view topic);
  void RemoveFromBroker(std::string_view topic, std::string_view broker);
  void RemoveBroker(std::string_view broker);
  // Removes the broker's topics that `keep` does not know.
  void RetainOfBroker(std::string_view broker, const std::function<bool(std::string_view)>& keep);

  // Calls change(perm) on every topic of the broker and returns how many there are.
  std::int32_t ChangePerms(std::string_view broker,
                           const std::function<std::int32_t(std::int32_t)>& change);

  // Names of the topics whose brokers satisfy the predicate, sorted.
  std::vector<std::string> Topics(const std::function<bool(const Brokers&)>& chosen) const;

  // Static topics: what the broker says of its part of the mapping, passed on as it is.
  void PutMapping(std::string_view topic, std::string_view broker, Json mapping);
  // An object with a member for each broker; null when there is none.
  Json Mappings(std::string_view topic) const;

  std::size_t size() const { return topics_.size(); }

 private:
  std::map<std::string, std::map<std::string, Json>, std::less<>> mappings_;
  const std::size_t topics_max_;
  std::map<std::string, Brokers, std::less<>> topics_;
};

}  // namespace comet::namesrv
