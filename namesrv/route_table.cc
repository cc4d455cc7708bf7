#include "namesrv/route_table.h"

#include <iterator>
#include <utility>

namespace comet::namesrv {

const RouteTable::Brokers* RouteTable::Find(std::string_view topic) const {
  const auto at = topics_.find(topic);
  return at == topics_.end() ? nullptr : &at->second;
}

bool RouteTable::Has(std::string_view topic, std::string_view broker) const {
  const Brokers* brokers = Find(topic);
  return brokers != nullptr && brokers->find(broker) != brokers->end();
}

bool RouteTable::Put(std::string_view topic, const wire::QueueData& queues) {
  auto at = topics_.find(topic);
  if (at == topics_.end()) {
    if (topics_.size() >= topics_max_) return false;
    at = topics_.emplace(topic, Brokers()).first;
  }
  at->second.insert_or_assign(queues.broker_name, queues);
  return true;
}

void RouteTable::RemoveTopic(std::string_view topic) {
  const auto at = topics_.find(topic);
  if (at != topics_.end()) topics_.erase(at);
}

void RouteTable::RemoveFromBroker(std::string_view topic, std::string_view broker) {
  const auto at = topics_.find(topic);
  if (at == topics_.end()) return;
  const auto queues = at->second.find(broker);
  if (queues != at->second.end()) at->second.erase(queues);
  if (at->second.empty()) topics_.erase(at);
}

void RouteTable::RemoveBroker(std::string_view broker) {
  RetainOfBroker(broker, [](std::string_view) { return false; });
  for (auto at = mappings_.begin(); at != mappings_.end();) {
    at->second.erase(std::string(broker));
    at = at->second.empty() ? mappings_.erase(at) : std::next(at);
  }
}

void RouteTable::RetainOfBroker(std::string_view broker,
                                const std::function<bool(std::string_view)>& keep) {
  for (auto at = topics_.begin(); at != topics_.end();) {
    const auto queues = at->second.find(broker);
    if (queues != at->second.end() && !keep(at->first)) at->second.erase(queues);
    at = at->second.empty() ? topics_.erase(at) : std::next(at);
  }
}

std::int32_t RouteTable::ChangePerms(std::string_view broker,
                                     const std::function<std::int32_t(std::int32_t)>& change) {
  std::int32_t count = 0;
  for (auto& [topic, brokers] : topics_) {
    const auto queues = brokers.find(broker);
    if (queues == brokers.end()) continue;
    queues->second.perm = change(queues->second.perm);
    ++count;
  }
  return count;
}

std::vector<std::string> RouteTable::Topics(
    const std::function<bool(const Brokers&)>& chosen) const {
  std::vector<std::string> names;
  for (const auto& [topic, brokers] : topics_) {
    if (chosen(brokers)) names.push_back(topic);
  }
  return names;
}

void RouteTable::PutMapping(std::string_view topic, std::string_view broker, Json mapping) {
  auto at = mappings_.find(topic);
  if (at == mappings_.end()) {
    if (mappings_.size() >= topics_max_) return;
    at = mappings_.emplace(topic, std::map<std::string, Json>()).first;
  }
  at->second.insert_or_assign(std::string(broker), std::move(mapping));
}

Json RouteTable::Mappings(std::string_view topic) const {
  const auto at = mappings_.find(topic);
  if (at == mappings_.end()) return Json();
  Json::Object object;
  for (const auto& [broker, mapping] : at->second) object.push_back({Json(broker), mapping});
  return Json(std::move(object));
}

}  // namespace comet::namesrv
