#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "broker/broker_config.h"
#include "broker/namesrv_list.h"
#include "broker/topic_table.h"
#include "remoting/base/clock.h"
#include "remoting/base/describe_config.h"
#include "remoting/base/executor.h"
#include "remoting/base/mutex.h"
#include "remoting/net/client_pool.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/bodies/topic_config.h"
#include "remoting/wire/requests/register_broker.h"
#include "remoting/wire/requests/unregister_broker.h"

namespace comet::broker {

// Keeps this broker known to every name server: registers all topics at the start and every
// period, changed ones at once, and leaves in order. Follows the list of name servers while
// running. A slave hears of its master here.
//
// A name server that is down is asked again with the next registration; the broker works on.
class NamesrvLink {
 public:
  struct Parts {
    net::LoopGroup& loops;
    Executor& executor;  // where registrations are made up; one that may wait
    const TopicTable& topics;
    Live<BrokerConfig>& config;
    FileSystem& fs;
    const Clock& clock;
    Duration told_within = std::chrono::seconds(3);  // Apache's tools give up after five
  };
  // Where a slave's master is: for clients, and for replication (may be empty).
  using MasterListener = std::function<void(std::string master_address, std::string ha_address)>;

  explicit NamesrvLink(Parts parts);

  // Called on the executor with the first answer that names a master, and when it names another.
  // A master that no name server knows any more is not told of: it may come back. Before Start.
  void SetMasterListener(MasterListener listener) { on_master_ = std::move(listener); }
  // Whether the master that was told last serves the slave's log. While it does, it stays until
  // no name server has named it for two periods: they may disagree for minutes after a master has
  // moved. Before Start.
  void SetMasterInUse(std::function<bool()> in_use) { master_in_use_ = std::move(in_use); }
  // `port` is the one clients are to use, `ha_port` the one for replicas, 0 if there is none.
  // Registers at once.
  void Start(std::uint16_t port, std::uint16_t ha_port = 0);
  // Topics are new or different: told to the name servers at once, those of a burst together. An
  // empty list means that something was removed, so all of them are told. Any thread.
  void OnTopicsChanged(std::vector<wire::TopicConfig> changed);
  // Runs `then` on the executor when every name server has answered for the changes of which
  // OnTopicsChanged has heard before, or when `told_within` has passed; one that has let it pass is
  // not waited for before it answers again. Any thread.
  void WhenTold(Task then);
  void OnSettingsChanged();  // any thread
  // Leaves every name server, waiting a moment for each. Not on a loop or the executor.
  void Stop();

  std::vector<std::string> servers() const EXCLUDES(mutex_);  // any thread

 private:
  using Servers = std::vector<std::string>;
  struct Waiting {
    std::uint64_t round;
    Task then;
  };

  void Tick();
  void FollowList();
  void RegisterAll();
  void RegisterAllWith(const Servers& servers);
  void RegisterChanged();
  void Register(const wire::TopicConfigTable& table, const Servers& servers);
  void OnAnswered(std::uint64_t round, const std::string& server, bool reached);
  void ExpectNoMore(std::uint64_t round);
  void RunTold();
  void Leave(const std::string& server);
  void OnMaster(std::uint64_t round, std::string address, std::string ha_address);
  bool Seeking() const;
  wire::RegisterBroker::Header HeaderOf(const BrokerConfig& config) const;
  wire::UnregisterBroker::Header LeavingHeaderOf(const BrokerConfig& config) const;

  const Parts parts_;
  MasterListener on_master_;
  std::function<bool()> master_in_use_;
  net::ClientPool pool_;
  std::string address_, ha_address_;
  std::atomic<bool> running_ = false;
  mutable Mutex mutex_;
  Servers servers_ GUARDED_BY(mutex_);

  // The executor's own.
  NamesrvList list_;
  std::map<std::string, wire::TopicConfig> changed_;
  bool all_changed_ = false, flush_posted_ = false;
  MonoTime next_registration_{};
  std::uint64_t round_ = 0;                                    // of registrations
  std::map<std::uint64_t, std::set<std::string>> unanswered_;  // who is waited for, by round
  std::set<std::string> silent_;                               // have been waited for in vain
  std::deque<Waiting> waiting_;     // for their rounds and all before; in order
  std::uint64_t master_round_ = 0;  // the last one in which the master was named
  std::string master_, master_ha_;
  MonoTime master_named_at_{};
};

}  // namespace comet::broker
