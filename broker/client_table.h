#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/subscription.h"
#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"
#include "remoting/net/connection_id.h"
#include "remoting/wire/bodies/heartbeat_data.h"
#include "remoting/wire/header.h"

namespace comet::broker {

// One client as a member of a group: who it says it is, and the connection it came through.
struct Client {
  std::string client_id;
  std::string address;  // "ip:port" of the peer
  wire::Language language = wire::Language::kUnknown;
  std::int32_t version = 0;
  net::ConnectionId connection;
  WallMs last_seen_ms = 0;  // as it is shown
  MonoTime last_seen;       // as it is judged: nobody sets this clock
};

// How a group consumes; every member sends it, the last word counts.
struct ConsumerProfile {
  wire::ConsumeType type = wire::ConsumeType::kPassively;
  wire::MessageModel model = wire::MessageModel::kClustering;
  wire::ConsumeFromWhere from_where = wire::ConsumeFromWhere::kLastOffset;

  bool broadcasting() const { return model == wire::MessageModel::kBroadcasting; }
};

// A consumer group as it is now; a copy, for administration.
struct ConsumerGroup {
  ConsumerProfile profile;
  std::vector<Client> clients;
  std::vector<std::shared_ptr<const Subscription>> subscriptions;  // by topic
};

// Who is connected: producers and consumers by group, as their heartbeats say. A client that is
// silent for 120 s, or whose connection closes, is gone.
//
// Any thread. Nothing is persisted. Functions that change membership return the groups whose
// members must hear of it; telling them is the caller's work, outside the lock.
class ClientTable {
 public:
  static constexpr std::size_t kGroupsMax = 50'000;
  static constexpr std::size_t kMembersMax = 1'000'000;  // over all groups
  static constexpr std::size_t kTopicsPerGroupMax = 10'000;

  struct GroupChange {
    std::string group;
    std::vector<net::ConnectionId> members;
  };
  using Changes = std::vector<GroupChange>;

  // A consumer's heartbeat for one group.
  struct ConsumerBeat {
    std::string_view group;
    ConsumerProfile profile;
    std::vector<wire::SubscriptionData> subscriptions;
    bool keep_subscriptions = false;  // a short heartbeat: only says "still here"
    std::int32_t fingerprint = 0;     // 0: the client does not use them
  };
  struct BeatResult {
    bool accepted = false;              // false: a limit was hit
    bool subscriptions_differ = false;  // against the fingerprint known before
    std::optional<GroupChange> change;
  };

  ClientTable(const Clock& clock, std::int64_t expiry_ms = 120'000)
      : clock_(clock), expiry_ms_(expiry_ms) {}

  bool RegisterProducer(std::string_view group, Client client) EXCLUDES(mutex_);
  BeatResult RegisterConsumer(ConsumerBeat beat, Client client) EXCLUDES(mutex_);
  void UnregisterProducer(std::string_view group, std::string_view client_id,
                          net::ConnectionId connection) EXCLUDES(mutex_);
  std::optional<GroupChange> UnregisterConsumer(std::string_view group, std::string_view client_id,
                                                net::ConnectionId connection) EXCLUDES(mutex_);
  Changes OnClosed(net::ConnectionId connection) EXCLUDES(mutex_);

  struct Expired {
    Changes changes;
    std::vector<net::ConnectionId> connections;  // to be closed
  };
  Expired Expire() EXCLUDES(mutex_);

  // In the order in which clients divide queues among themselves.
  std::vector<std::string> ConsumerIds(std::string_view group) const EXCLUDES(mutex_);
  bool HasConsumers(std::string_view group) const EXCLUDES(mutex_);
  // For every pull that does not carry its subscription: no group, no such topic, or both.
  struct Lookup {
    bool group_exists = false, broadcasting = false;
    std::shared_ptr<const Subscription> subscription;
  };
  Lookup Find(std::string_view group, std::string_view topic) const EXCLUDES(mutex_);

  std::optional<ConsumerGroup> Consumers(std::string_view group) const EXCLUDES(mutex_);
  std::vector<Client> Producers(std::string_view group) const EXCLUDES(mutex_);
  std::vector<std::string> ConsumerGroups() const EXCLUDES(mutex_);
  std::vector<std::string> ProducerGroups() const EXCLUDES(mutex_);
  std::vector<std::string> GroupsOf(std::string_view topic) const EXCLUDES(mutex_);
  // A producer anywhere by its client id, for answers that travel back to it.
  std::optional<Client> FindProducer(std::string_view client_id) const EXCLUDES(mutex_);

 private:
  using Members = std::unordered_map<net::ConnectionId, Client>;
  struct Group {
    ConsumerProfile profile;
    std::int32_t fingerprint = 0;
    Members members;
    std::map<std::string, std::shared_ptr<const Subscription>, std::less<>> subscriptions;
  };
  using Groups = std::map<std::string, Group, std::less<>>;
  using ProducerMap = std::map<std::string, Members, std::less<>>;
  struct Seat {  // a place in a group, so that a closed connection is not searched for
    bool consumer;
    std::string group;
    auto operator<=>(const Seat&) const = default;
  };

  enum class Admission { kRefused, kKnown, kNew };
  Admission Admit(Members& members, const Seat& seat, Client client) REQUIRES(mutex_);
  bool Remove(Members& members, const Seat& seat, net::ConnectionId connection) REQUIRES(mutex_);
  std::optional<GroupChange> RemoveConsumer(std::string_view group, net::ConnectionId connection)
      REQUIRES(mutex_);
  void RemoveProducer(std::string_view group, net::ConnectionId connection) REQUIRES(mutex_);
  Changes RemoveConnection(net::ConnectionId connection) REQUIRES(mutex_);
  static bool Subscribe(Group& group, std::vector<wire::SubscriptionData> wanted);
  static std::optional<GroupChange> ChangeOf(std::string_view name, const Group& group);

  const Clock& clock_;
  const std::int64_t expiry_ms_;
  mutable Mutex mutex_;
  Groups consumers_ GUARDED_BY(mutex_);
  ProducerMap producers_ GUARDED_BY(mutex_);
  std::unordered_map<net::ConnectionId, std::set<Seat>> seats_ GUARDED_BY(mutex_);
  std::size_t members_ GUARDED_BY(mutex_) = 0;
};

}  // namespace comet::broker
