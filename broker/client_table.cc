#include "broker/client_table.h"

#include <algorithm>
#include <chrono>
#include <unordered_set>

#include "remoting/base/log.h"

namespace comet::broker {

ClientTable::Admission ClientTable::Admit(Members& members, const Seat& seat, Client client) {
  client.last_seen_ms = clock_.WallNow();
  client.last_seen = clock_.Now();
  const auto found = members.find(client.connection);
  if (found != members.end()) {
    if (found->second.client_id != client.client_id) {
      LOG_WARN << "client " << found->second.client_id << " of group " << seat.group
               << " now calls itself " << client.client_id << " on the same connection";
    }
    found->second = std::move(client);
    return Admission::kKnown;
  }
  if (members_ >= kMembersMax) return Admission::kRefused;
  const auto connection = client.connection;
  members.emplace(connection, std::move(client));
  seats_[connection].insert(seat);
  ++members_;
  return Admission::kNew;
}

bool ClientTable::Remove(Members& members, const Seat& seat, net::ConnectionId connection) {
  if (members.erase(connection) == 0) return false;
  --members_;
  const auto seats = seats_.find(connection);
  if (seats != seats_.end()) {
    seats->second.erase(seat);
    if (seats->second.empty()) seats_.erase(seats);
  }
  return true;
}

bool ClientTable::RegisterProducer(std::string_view group, Client client) {
  MutexLock lock(mutex_);
  auto found = producers_.find(group);
  if (found == producers_.end()) {
    if (producers_.size() >= kGroupsMax) return false;
    found = producers_.emplace(group, Members{}).first;
  }
  const Seat seat{false, found->first};
  const bool refused = Admit(found->second, seat, std::move(client)) == Admission::kRefused;
  if (found->second.empty()) producers_.erase(found);
  return !refused;
}

// True when a topic came or went. A newer version of a known one replaces it quietly.
bool ClientTable::Subscribe(Group& group, std::vector<wire::SubscriptionData> wanted) {
  bool changed = false;
  std::set<std::string, std::less<>> topics;
  for (auto& subscription : wanted) {
    topics.insert(subscription.topic);
    auto& known = group.subscriptions[subscription.topic];
    changed |= known == nullptr;
    if (known == nullptr || known->data.version < subscription.version) {
      known = std::make_shared<const Subscription>(std::move(subscription));
    }
  }
  return std::erase_if(group.subscriptions,
                       [&](const auto& entry) { return !topics.contains(entry.first); }) > 0 ||
         changed;
}

std::optional<ClientTable::GroupChange> ClientTable::ChangeOf(std::string_view name,
                                                              const Group& group) {
  if (group.profile.broadcasting() || group.members.empty()) return std::nullopt;
  GroupChange change{std::string(name), {}};
  for (const auto& [connection, client] : group.members) change.members.push_back(connection);
  return change;
}

ClientTable::BeatResult ClientTable::RegisterConsumer(ConsumerBeat beat, Client client) {
  BeatResult result;
  if (beat.subscriptions.size() > kTopicsPerGroupMax) return result;
  MutexLock lock(mutex_);
  auto found = consumers_.find(beat.group);
  if (found == consumers_.end()) {
    if (consumers_.size() >= kGroupsMax) return result;
    found = consumers_.emplace(beat.group, Group{}).first;
  }
  Group& group = found->second;
  const auto admission = Admit(group.members, {true, found->first}, std::move(client));
  if (admission == Admission::kRefused) {
    if (group.members.empty()) consumers_.erase(found);
    return result;
  }
  result.accepted = true;
  group.profile = std::move(beat.profile);
  const bool known = group.fingerprint != 0;
  result.subscriptions_differ =
      known ? group.fingerprint != beat.fingerprint : beat.keep_subscriptions;
  bool topics_changed = false;
  if (!beat.keep_subscriptions) {
    group.fingerprint = beat.fingerprint;
    topics_changed = Subscribe(group, std::move(beat.subscriptions));
  }
  if (admission == Admission::kNew || topics_changed) result.change = ChangeOf(beat.group, group);
  return result;
}

void ClientTable::RemoveProducer(std::string_view group, net::ConnectionId connection) {
  const auto found = producers_.find(group);
  if (found == producers_.end()) return;
  Remove(found->second, {false, found->first}, connection);
  if (found->second.empty()) producers_.erase(found);
}

std::optional<ClientTable::GroupChange> ClientTable::RemoveConsumer(std::string_view group,
                                                                    net::ConnectionId connection) {
  const auto found = consumers_.find(group);
  if (found == consumers_.end()) return std::nullopt;
  if (!Remove(found->second.members, {true, found->first}, connection)) return std::nullopt;
  if (found->second.members.empty()) {
    consumers_.erase(found);
    return std::nullopt;
  }
  return ChangeOf(group, found->second);
}

void ClientTable::UnregisterProducer(std::string_view group, std::string_view client_id,
                                     net::ConnectionId connection) {
  MutexLock lock(mutex_);
  const auto found = producers_.find(group);
  if (found == producers_.end()) return;
  const auto member = found->second.find(connection);
  if (member == found->second.end() || member->second.client_id != client_id) return;
  RemoveProducer(group, connection);
}

std::optional<ClientTable::GroupChange> ClientTable::UnregisterConsumer(
    std::string_view group, std::string_view client_id, net::ConnectionId connection) {
  MutexLock lock(mutex_);
  const auto found = consumers_.find(group);
  if (found == consumers_.end()) return std::nullopt;
  const auto member = found->second.members.find(connection);
  if (member == found->second.members.end() || member->second.client_id != client_id) {
    return std::nullopt;
  }
  return RemoveConsumer(group, connection);
}

ClientTable::Changes ClientTable::RemoveConnection(net::ConnectionId connection) {
  Changes changes;
  const auto found = seats_.find(connection);
  if (found == seats_.end()) return changes;
  const auto seats = found->second;  // a copy: removing members edits the original
  for (const auto& seat : seats) {
    if (!seat.consumer) {
      RemoveProducer(seat.group, connection);
    } else if (auto change = RemoveConsumer(seat.group, connection)) {
      changes.push_back(std::move(*change));
    }
  }
  return changes;
}

ClientTable::Changes ClientTable::OnClosed(net::ConnectionId connection) {
  MutexLock lock(mutex_);
  return RemoveConnection(connection);
}

ClientTable::Expired ClientTable::Expire() {
  const auto oldest = clock_.Now() - std::chrono::milliseconds(expiry_ms_);
  Expired expired;
  std::unordered_set<net::ConnectionId> silent;
  const auto collect = [&](const Members& members) {
    for (const auto& [connection, client] : members) {
      if (client.last_seen < oldest) silent.insert(connection);
    }
  };
  MutexLock lock(mutex_);
  for (const auto& [name, group] : consumers_) collect(group.members);
  for (const auto& [name, members] : producers_) collect(members);
  for (const auto connection : silent) {
    auto changes = RemoveConnection(connection);
    std::move(changes.begin(), changes.end(), std::back_inserter(expired.changes));
    expired.connections.push_back(connection);
  }
  return expired;
}

std::vector<std::string> ClientTable::ConsumerIds(std::string_view group) const {
  std::set<std::string> ids;  // a client that reconnects may be here twice for a moment
  MutexLock lock(mutex_);
  const auto found = consumers_.find(group);
  if (found == consumers_.end()) return {};
  for (const auto& [connection, client] : found->second.members) ids.insert(client.client_id);
  return {ids.begin(), ids.end()};
}

bool ClientTable::HasConsumers(std::string_view group) const {
  MutexLock lock(mutex_);
  return consumers_.contains(group);
}

ClientTable::Lookup ClientTable::Find(std::string_view group, std::string_view topic) const {
  MutexLock lock(mutex_);
  const auto found = consumers_.find(group);
  if (found == consumers_.end()) return {};
  Lookup lookup{true, found->second.profile.broadcasting(), nullptr};
  const auto subscription = found->second.subscriptions.find(topic);
  if (subscription != found->second.subscriptions.end()) {
    lookup.subscription = subscription->second;
  }
  return lookup;
}

std::optional<ConsumerGroup> ClientTable::Consumers(std::string_view group) const {
  MutexLock lock(mutex_);
  const auto found = consumers_.find(group);
  if (found == consumers_.end()) return std::nullopt;
  ConsumerGroup copy{found->second.profile, {}, {}};
  for (const auto& [connection, client] : found->second.members) copy.clients.push_back(client);
  for (const auto& [topic, entry] : found->second.subscriptions) {
    copy.subscriptions.push_back(entry);
  }
  return copy;
}

std::vector<Client> ClientTable::Producers(std::string_view group) const {
  std::vector<Client> clients;
  MutexLock lock(mutex_);
  const auto found = producers_.find(group);
  if (found == producers_.end()) return clients;
  for (const auto& [connection, client] : found->second) clients.push_back(client);
  return clients;
}

std::vector<std::string> ClientTable::ConsumerGroups() const {
  std::vector<std::string> names;
  MutexLock lock(mutex_);
  for (const auto& [name, group] : consumers_) names.push_back(name);
  return names;
}

std::vector<std::string> ClientTable::ProducerGroups() const {
  std::vector<std::string> names;
  MutexLock lock(mutex_);
  for (const auto& [name, members] : producers_) names.push_back(name);
  return names;
}

std::vector<std::string> ClientTable::GroupsOf(std::string_view topic) const {
  std::vector<std::string> names;
  MutexLock lock(mutex_);
  for (const auto& [name, group] : consumers_) {
    if (group.subscriptions.contains(topic)) names.push_back(name);
  }
  return names;
}

std::optional<Client> ClientTable::FindProducer(std::string_view client_id) const {
  MutexLock lock(mutex_);
  for (const auto& [name, members] : producers_) {
    for (const auto& [connection, client] : members) {
      if (client.client_id == client_id) return client;
    }
  }
  return std::nullopt;
}

}  // namespace comet::broker
