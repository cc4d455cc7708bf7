#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/net/connection_id.h"
#include "remoting/wire/bodies/data_version.h"

namespace comet::namesrv {

// One broker process as it last told of itself.
struct Member {
  std::string address;     // host:port for clients
  std::string ha_address;  // host:port for its replicas
  wire::DataVersion version;
  MonoTime last_contact;
  Duration timeout{};
  net::ConnectionId connection;  // over which it registered
  std::vector<std::string> filter_servers;
};

// A master (id 0) and its slaves, which share a broker name.
struct BrokerGroup {
  std::string cluster;
  std::string zone;
  bool acting_master = false;  // the smallest slave may stand in for a lost master
  std::map<std::int64_t, Member> members;

  bool has_master() const { return members.count(0) != 0; }
};

// Broker name -> the processes of that name that are alive.
// Not synchronised: Registry owns it and its lock.
class BrokerTable {
 public:
  using Groups = std::map<std::string, BrokerGroup, std::less<>>;

  const Groups& groups() const { return groups_; }
  BrokerGroup* Find(std::string_view name);  // null when unknown; valid until it is removed
  const BrokerGroup* Find(std::string_view name) const;
  // Null when that broker is not known at that address.
  Member* FindMember(std::string_view cluster, std::string_view name, std::string_view address);

  // The group, made if need be. Null when the table is full.
  BrokerGroup* Obtain(std::string_view name);

  // What a removal left behind.
  enum class Left { kNothingRemoved, kMembers, kEmptyGroup };
  // Removes the members that satisfy the predicate, and the group when none is left.
  Left RemoveMembers(std::string_view name,
                     const std::function<bool(std::int64_t id, const Member&)>& gone);

  // Cluster name -> broker names, both sorted.
  std::map<std::string, std::set<std::string>> Clusters() const;

 private:
  Groups groups_;
};

}  // namespace comet::namesrv
