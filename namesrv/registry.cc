#include "namesrv/registry.h"

#include <utility>

#include "namesrv/limits.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"

namespace comet::namesrv {
namespace {

std::int32_t WithoutWrite(std::int32_t perm) {
  return perm & ~wire::perm::kWrite;
}

// The member known under another address for the same place has seen a newer state of the
// group: the registrant is a master that was replaced and does not know it yet.
bool IsOutdated(const BrokerGroup& group, const Registration& broker) {
  const auto known = group.members.find(broker.id);
  return known != group.members.end() && known->second.address != broker.address &&
         known->second.version.state_version > broker.topics.data_version.state_version;
}

Status Refusal(const BrokerGroup* known, const Registration& broker) {
  const bool id_known = known != nullptr && known->members.count(broker.id) != 0;
  // One topic from a stranger is a change to a list that this server never got.
  if (!id_known && broker.topics.topics.size() + broker.topics_left_out == 1) {
    return Status(Status::Code::kUnavailable, "register broker failed");
  }
  if (known != nullptr && !id_known && known->members.size() >= kMembersMax) {
    return Status(Status::Code::kFull, Concat("too many brokers named ", broker.name));
  }
  return Status();
}

// Takes out whatever is known at the registrant's address, under whatever id: one address is one
// process, and it may have changed its role.
std::optional<Member> TakeMemberAt(BrokerGroup* group, std::string_view address) {
  for (auto at = group->members.begin(); at != group->members.end(); ++at) {
    if (at->second.address == address) {
      Member member = std::move(at->second);
      group->members.erase(at);
      return member;
    }
  }
  return std::nullopt;
}

// Whether it names all topics of the broker. Each has one of its own name from its first start on;
// without that one, or with no other, it is a change.
bool IsWholeTable(const Registration& broker) {
  const auto& topics = broker.topics.topics;
  return topics.size() > 1 && topics.count(broker.name) != 0;
}

void LogArrival(const BrokerGroup& group, const Registration& broker) {
  const auto at = group.members.find(broker.id);
  if (at == group.members.end()) {
    LOG_INFO << "broker " << broker.name << " id " << broker.id << " of " << broker.cluster
             << " registered at " << broker.address;
  } else if (at->second.address != broker.address) {
    LOG_WARN << "broker " << broker.name << " id " << broker.id << " moves from "
             << at->second.address << " to " << broker.address;
  }
}

}  // namespace

StatusOr<MasterOfGroup> Registry::Register(const Registration& broker) {
  WriterLock lock(mutex_);
  const BrokerGroup* known = brokers_.Find(broker.name);
  COMET_TRY(Refusal(known, broker));
  if (known != nullptr && IsOutdated(*known, broker)) {
    LOG_WARN << "broker " << broker.name << " id " << broker.id << " at " << broker.address
             << " is older than the one registered; ignored";
    return MasterOfGroup();
  }
  BrokerGroup* group = brokers_.Obtain(broker.name);
  if (group == nullptr) return Status(Status::Code::kFull, "too many brokers registered");

  LogArrival(*group, broker);
  const bool id_known = group->members.count(broker.id) != 0;
  std::optional<Member> before = TakeMemberAt(group, broker.address);
  group->cluster = broker.cluster;
  group->zone = broker.zone;
  group->acting_master = broker.acting_master.value_or(false);
  Member member{broker.address,
                broker.ha_address,
                broker.topics.data_version,
                clock_.Now(),
                broker.timeout,
                broker.connection,
                {}};
  if (broker.filter_servers) {
    member.filter_servers = *broker.filter_servers;
  } else if (before) {
    member.filter_servers = std::move(before->filter_servers);
  }
  group->members.insert_or_assign(broker.id, std::move(member));

  const bool is_master = broker.id == 0;
  const bool is_prime_slave =
      broker.acting_master && !is_master && broker.id == group->members.begin()->first;
  if (is_master || is_prime_slave) {
    const bool everything = !id_known || !before || before->version != broker.topics.data_version;
    UpdateTopics(broker, everything, is_prime_slave && group->acting_master);
  }
  if (is_master || !group->has_master()) return MasterOfGroup();
  const Member& master = group->members.at(0);
  return MasterOfGroup{master.address, master.ha_address};
}

void Registry::UpdateTopics(const Registration& broker, bool everything, bool read_only) {
  const auto& topics = broker.topics.topics;
  const Json::Object* mappings = broker.topics.mapping_infos.AsObject();
  const bool has_mappings = mappings != nullptr && !mappings->empty();
  if (settings_.Get()->delete_absent_topics && !has_mappings && IsWholeTable(broker)) {
    routes_.RetainOfBroker(
        broker.name, [&](std::string_view topic) { return topics.count(std::string(topic)) != 0; });
  }
  for (const auto& [name, config] : topics) {
    if (!everything && routes_.Has(name, broker.name)) continue;
    wire::QueueData queues{.broker_name = broker.name,
                           .read_queues = config.read_queues,
                           .write_queues = config.write_queues,
                           .perm = read_only ? WithoutWrite(config.perm) : config.perm,
                           .topic_sys_flag = config.sys_flag};
    if (!routes_.Put(name, queues)) {
      LOG_ERROR_LIMITED << "topic " << name << " of " << broker.name << " is beyond the limit of "
                        << kTopicsMax << " topics";
    }
  }
  if (!everything || !has_mappings) return;
  for (const Json::Member& mapping : *mappings) PutMapping(broker.name, mapping);
}

// A broker speaks of its own part only: names that are nobody's would never go away again.
void Registry::PutMapping(std::string_view broker, const Json::Member& mapping) {
  const std::string* topic = mapping.key.AsString();
  const Json* owner = mapping.value.Find("bname");
  if (topic == nullptr || owner == nullptr || owner->AsString() == nullptr) return;
  if (*owner->AsString() != broker) {
    LOG_WARN_LIMITED << "mapping of static topic " << *topic << " left out: broker " << broker
                     << " names another one, " << *owner->AsString();
    return;
  }
  routes_.PutMapping(*topic, broker, mapping.value);
}

void Registry::Unregister(std::string_view cluster, std::string_view name,
                          std::string_view address) {
  WriterLock lock(mutex_);
  if (brokers_.FindMember(cluster, name, address) == nullptr) return;
  const auto left = brokers_.RemoveMembers(
      name, [&](std::int64_t, const Member& member) { return member.address == address; });
  LOG_INFO << "broker " << name << " at " << address << " unregistered";
  AfterRemoval(name, left);
}

void Registry::ConnectionClosed(net::ConnectionId connection) {
  WriterLock lock(mutex_);
  RemoveMembers(
      [&](std::int64_t, const Member& member) { return member.connection == connection; });
}

std::vector<net::ConnectionId> Registry::Expire() {
  const MonoTime now = clock_.Now();
  std::vector<net::ConnectionId> connections;
  WriterLock lock(mutex_);
  RemoveMembers([&](std::int64_t, const Member& member) {
    if (now - member.last_contact <= member.timeout) return false;
    if (member.connection) connections.push_back(member.connection);
    return true;
  });
  return connections;
}

void Registry::RemoveMembers(const std::function<bool(std::int64_t, const Member&)>& gone) {
  std::vector<std::string> names;
  for (const auto& [name, group] : brokers_.groups()) names.push_back(name);
  for (const auto& name : names) {
    const auto left = brokers_.RemoveMembers(name, [&](std::int64_t id, const Member& member) {
      const bool remove = gone(id, member);
      if (remove)
        LOG_INFO << "broker " << name << " id " << id << " at " << member.address << " is gone";
      return remove;
    });
    AfterRemoval(name, left);
  }
}

void Registry::AfterRemoval(std::string_view name, BrokerTable::Left left) {
  if (left == BrokerTable::Left::kEmptyGroup) routes_.RemoveBroker(name);
  if (left != BrokerTable::Left::kMembers) return;
  const BrokerGroup* group = brokers_.Find(name);
  if (group->acting_master && !group->has_master()) routes_.ChangePerms(name, WithoutWrite);
}

std::optional<wire::DataVersion> Registry::Touch(std::string_view cluster, std::string_view name,
                                                 std::string_view address) {
  WriterLock lock(mutex_);
  Member* member = brokers_.FindMember(cluster, name, address);
  if (member == nullptr) return std::nullopt;
  member->last_contact = clock_.Now();
  return member->version;
}

void Registry::AddTopic(std::string_view topic, const std::vector<wire::QueueData>& queues) {
  WriterLock lock(mutex_);
  for (const wire::QueueData& entry : queues) {
    if (brokers_.Find(entry.broker_name) == nullptr) return;
  }
  for (const wire::QueueData& entry : queues) {
    if (!routes_.Put(topic, entry)) return;
  }
}

void Registry::DeleteTopic(std::string_view topic, std::string_view cluster) {
  WriterLock lock(mutex_);
  if (cluster.empty()) {
    routes_.RemoveTopic(topic);
    return;
  }
  for (const auto& [name, group] : brokers_.groups()) {
    if (group.cluster == cluster) routes_.RemoveFromBroker(topic, name);
  }
}

std::int32_t Registry::WipeWritePerm(std::string_view broker) {
  WriterLock lock(mutex_);
  return routes_.ChangePerms(broker, WithoutWrite);
}

std::int32_t Registry::AddWritePerm(std::string_view broker) {
  WriterLock lock(mutex_);
  return routes_.ChangePerms(broker, [](std::int32_t) { return wire::perm::kReadWrite; });
}

}  // namespace comet::namesrv
