#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "broker/broker_config.h"
#include "broker/topic_table.h"
#include "remoting/base/describe_config.h"
#include "remoting/base/executor.h"
#include "remoting/base/status.h"
#include "remoting/net/client_pool.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/bodies/topic_config.h"
#include "remoting/wire/requests/register_broker.h"

namespace comet::broker {

// Keeps this broker known to every name server: registers all topics at the start and every
// period, changed ones at once, and leaves in order.
class NamesrvLink {
 public:
  struct Parts {
    net::LoopGroup& loops;
    Executor& executor;  // where registrations are made up; one that may wait
    const TopicTable& topics;
    Live<BrokerConfig>& config;
  };
  explicit NamesrvLink(Parts parts);

  // `port` is the one clients are to use. Registers at once.
  void Start(std::uint16_t port);
  // Topics are new or different: told to the name servers at once, those of a burst together. An
  // empty list means that something was removed, so all of them are told. Any thread.
  void OnTopicsChanged(std::vector<wire::TopicConfig> changed);
  // Leaves every name server, waiting a moment for each. Not on a loop or the executor.
  void Stop();

  // "host:port" of every name server; separators ; and , are understood.
  static std::vector<std::string> ParseAddresses(std::string_view text);
  // Whether each could be dialled. The message says which could not.
  static Status CheckAddresses(std::string_view text);

 private:
  void RegisterAll();
  void RegisterChanged();
  void Register(const wire::TopicConfigTable& table);
  void Schedule();
  wire::RegisterBroker::Header HeaderOf(const BrokerConfig& config) const;

  const Parts parts_;
  const std::vector<std::string> servers_;
  net::ClientPool pool_;
  std::string address_, ha_address_;
  std::atomic<bool> running_ = false;

  // The executor's own.
  std::map<std::string, wire::TopicConfig> changed_;
  bool all_changed_ = false, flush_posted_ = false;
};

}  // namespace comet::broker
