#pragma once

#include <cstdint>
#include <string>

#include "broker/ha/ha_config.h"
#include "broker/metrics/metrics_config.h"
#include "remoting/base/describe_config.h"
#include "remoting/base/limits.h"

namespace comet::broker {

// The broker's own settings, those of replication and metrics among them. The store and the network
// declare theirs; all are read from one file.
struct BrokerConfig : HaConfig, MetricsConfig {
  std::string cluster = "DefaultCluster";
  std::string name;  // empty: the host's name
  std::int64_t id = 0;
  std::string ip1, ip2;  // empty: the first address of this machine that is not loopback
  std::string bind_address = "0.0.0.0";
  std::int32_t listen_port = 10911;
  std::string namesrv_addr, namesrv_addr_file;
  std::int32_t loops = 0;  // 0: by the number of processors
  std::int32_t permission = 6;

  bool auto_create_topic = true;
  std::int32_t default_topic_queues = 8;
  bool cluster_topic = true, broker_topic = true, trace_topic = false;
  std::string trace_topic_name = "RMQ_SYS_TRACE_TOPIC";
  std::int32_t revive_queues = 8;
  bool auto_create_group = true;

  std::string region = "DefaultRegion";
  bool trace_on = true;
  std::int64_t accept_sends_from_ms = 0;

  bool long_polling = true;
  std::int64_t short_polling_ms = 1000;
  bool lite_pull = true, slave_read = false;
  std::int32_t memory_percent = 40;
  bool cold_flow_control = false;
  std::int64_t cold_bytes_a_group = 3 << 20, cold_bytes_of_all = 100 << 20;  // each 5 s
  bool reject_pull_consumers = false;
  bool notify_consumers = true;
  bool server_side_reset = true;
  std::int64_t client_expiry_ms = 120'000;
  std::int32_t query_messages_max = 32;

  std::int64_t flush_offsets_ms = 5000;
  std::int64_t flush_delay_offsets_ms = 10'000;
  std::int64_t register_period_ms = 30'000;
  std::int64_t register_timeout_ms = 24'000;
  bool compressed_register = false;

  static constexpr auto Own() {
    using C = BrokerConfig;
    return Declaration{
        S(&C::cluster, "brokerClusterName", When::kStart, "Cluster this broker belongs to."),
        S(&C::name, "brokerName", When::kStart,
          "Name of the broker group: a master and its slaves. Empty: the host's name."),
        S(&C::id, "brokerId", When::kStart, "0 is the master of its group, slaves have 1 and up.",
          Between{0, 1 << 30}),
        S(&C::ip1, "brokerIP1", When::kStart, "Address told to clients and name servers."),
        S(&C::ip2, "brokerIP2", When::kStart, "Address told to slaves."),
        S(&C::bind_address, "bindAddress", When::kStart,
          "Address of this machine on which it listens."),
        S(&C::listen_port, "listenPort", When::kStart,
          "Port of all requests; two below it is the port without pulls.", Between{0, 65533}),
        S(&C::namesrv_addr, "namesrvAddr", When::kLive, "Name servers: host:port;host:port."),
        S(&C::namesrv_addr_file, "namesrvAddrFile", When::kStart,
          "File with the addresses of the name servers, by line; a change is followed within "
          "seconds. Empty: namesrvAddr holds."),
        S(&C::loops, "serverSelectorThreads", When::kStart,
          "Event loops; 0 chooses by the number of processors.", Between{0, 60}),
        S(&C::permission, "brokerPermission", When::kLive,
          "4 read, 2 write, 6 both; limits every topic.", Between{0, 6}),
        S(&C::auto_create_topic, "autoCreateTopicEnable", When::kStart,
          "A send to an unknown topic creates it."),
        S(&C::default_topic_queues, "defaultTopicQueueNums", When::kStart,
          "Queues of the template of created topics, and their most.", Between{1, 65535}),
        S(&C::cluster_topic, "clusterTopicEnable", When::kStart,
          "The topic named like the cluster may be read and written."),
        S(&C::broker_topic, "brokerTopicEnable", When::kStart,
          "The topic named like the broker may be read and written."),
        S(&C::trace_topic, "traceTopicEnable", When::kStart, "Creates the topic of traces."),
        S(&C::trace_topic_name, "msgTraceTopicName", When::kStart, "Name of the topic of traces."),
        S(&C::revive_queues, "reviveQueueNum", When::kStart,
          "Queues of the topic in which pop consumption will keep its books.", Between{1, 65535}),
        S(&C::auto_create_group, "autoCreateSubscriptionGroup", When::kLive,
          "An unknown consumer group is created on first use."),
        S(&C::region, "regionId", When::kLive, "Told to clients with every send."),
        S(&C::trace_on, "traceOn", When::kLive, "Tells clients whether to send traces."),
        S(&C::accept_sends_from_ms, "startAcceptSendRequestTimeStamp", When::kLive,
          "Sends before this time, in ms since 1970, are refused.", Between{0, 1LL << 60}),
        S(&C::long_polling, "longPollingEnable", When::kLive,
          "A pull that finds nothing waits as long as its client says."),
        S(&C::short_polling_ms, "shortPollingTimeMills", When::kLive,
          "How long it waits when long polling is off.", Between{1, 60'000}),
        S(&C::lite_pull, "litePullMessageEnable", When::kLive, "Serves lite pull consumers."),
        S(&C::slave_read, "slaveReadEnable", When::kLive,
          "A master sends consumers that lag far behind to a slave that has what they need; a "
          "slave "
          "keeps them."),
        S(&C::memory_percent, "accessMessageInMemoryMaxRatio", When::kStart,
          "A consumer lags far behind when more of the log lies before it than this share of the "
          "machine's memory, in percent; on a slave 10 less.",
          Between{0, 100}),
        S(&C::cold_flow_control, "coldDataFlowControlEnable", When::kLive,
          "Consumers that read what is not in memory are slowed down to the two thresholds, so "
          "that they leave disk and processors to the sends."),
        S(&C::cold_bytes_a_group, "cgColdReadThreshold", When::kLive,
          "Bytes a consumer group may read from the disk in 5 s, if coldDataFlowControlEnable.",
          Between{1, 1LL << 50}),
        S(&C::cold_bytes_of_all, "globalColdReadThreshold", When::kLive,
          "Bytes all groups together may read from the disk in 5 s, if coldDataFlowControlEnable.",
          Between{1, 1LL << 50}),
        S(&C::reject_pull_consumers, "rejectPullConsumerEnable", When::kLive,
          "Pull consumers may not register."),
        S(&C::notify_consumers, "notifyConsumerIdsChangedEnable", When::kLive,
          "Tells the members of a group when one comes or goes."),
        S(&C::server_side_reset, "useServerSideResetOffset", When::kLive,
          "A reset of offsets waits for the group's next pull; if not, its clients are told."),
        S(&C::client_expiry_ms, "channelExpiredTimeout", When::kStart,
          "A client that is silent for so many ms is gone.", Between{1000, 86'400'000}),
        S(&C::query_messages_max, "defaultQueryMaxNum", When::kLive,
          "Messages a query by unique key returns at most.", Between{1, 1024}),
        S(&C::flush_offsets_ms, "flushConsumerOffsetInterval", When::kStart,
          "ms between writes of consumer offsets.", Between{100, 600'000}),
        S(&C::flush_delay_offsets_ms, "flushDelayOffsetInterval", When::kStart,
          "ms between writes of the progress of delay levels.", Between{100, 600'000}),
        S(&C::register_period_ms, "registerNameServerPeriod", When::kStart,
          "ms between registrations; 10,000 to 60,000 count.", Between{1, 86'400'000}),
        S(&C::register_timeout_ms, "registerBrokerTimeoutMills", When::kStart,
          "ms to wait for a name server.", Between{100, 600'000}),
        S(&C::compressed_register, "compressedRegister", When::kStart,
          "Registers with a compressed body.")};
  }
  static constexpr auto Settings() {
    return HaConfig::Settings() + MetricsConfig::Settings() + Own();
  }

  // What holds between settings, and texts that become names on the wire.
  Status Check() const;
};

// How much of the log counts as being in memory, by accessMessageInMemoryMaxRatio.
std::int64_t HotDistance(const BrokerConfig& config, std::int64_t memory_bytes);
std::int64_t MachineMemory();

// Fills in what the machine knows: name and addresses.
void CompleteFromMachine(BrokerConfig* config);

}  // namespace comet::broker
