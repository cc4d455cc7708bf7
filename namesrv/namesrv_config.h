#pragma once

#include <cstdint>
#include <string>

#include "remoting/base/describe_config.h"

namespace comet::namesrv {

// The name server's settings, under RocketMQ's keys. kLive ones change through
// UPDATE_NAMESRV_CONFIG, the others with the next start.
struct NamesrvConfig {
  std::string bind_address = "0.0.0.0";
  std::int32_t listen_port = 9876;
  std::int32_t loops = 1;
  std::int32_t idle_close_s = 120;

  std::string rocketmq_home;
  std::string kv_config_path;     // empty: ~/namesrv/kvConfig.json
  std::string config_store_path;  // empty: the file given with -c, or nothing is written back
  std::string config_black_list = "configBlackList;configStorePath;kvConfigPath";

  std::int64_t scan_interval_ms = 10'000;
  bool order_message = false;
  bool return_order_topics = true;
  bool support_acting_master = false;
  bool delete_absent_topics = false;
  bool all_topic_list = true;
  bool topic_lists = true;
  bool wait_for_service = false;
  std::int32_t wait_for_service_s = 45;

  static constexpr auto Settings() {
    using C = NamesrvConfig;
    return Declaration{
        S(&C::bind_address, "bindAddress", When::kStart, "IP address to listen on."),
        S(&C::listen_port, "listenPort", When::kStart, "TCP port; 0 takes any free one.",
          Between{0, 65535}),
        S(&C::loops, "serverSelectorThreads", When::kStart, "Event loops.", Between{1, 64}),
        S(&C::idle_close_s, "serverChannelMaxIdleTimeSeconds", When::kStart,
          "A connection silent for so long is closed.", Between{1, 86400}),
        S(&C::rocketmq_home, "rocketmqHome", When::kStart, "Installation directory; unused."),
        S(&C::kv_config_path, "kvConfigPath", When::kStart,
          "File of the key/value configuration; empty: namesrv/kvConfig.json in the home "
          "directory."),
        S(&C::config_store_path, "configStorePath", When::kStart,
          "File that changed settings are written to; empty: the one given with -c."),
        S(&C::config_black_list, "configBlackList", When::kStart,
          "Keys, with semicolons, that no request may change."),
        S(&C::scan_interval_ms, "scanNotActiveBrokerInterval", When::kLive,
          "Milliseconds between two looks for brokers that have fallen silent.",
          Between{10, 3'600'000}),
        S(&C::order_message, "orderMessageEnable", When::kLive,
          "Routes carry the topic's entry of ORDER_TOPIC_CONFIG."),
        S(&C::return_order_topics, "returnOrderTopicConfigToBroker", When::kLive,
          "Brokers get ORDER_TOPIC_CONFIG when they register."),
        S(&C::support_acting_master, "supportActingMaster", When::kLive,
          "Routes show the slave with the smallest id in the place of a lost master."),
        S(&C::delete_absent_topics, "deleteTopicWithBrokerRegistration", When::kLive,
          "A registration of all topics removes from that broker those it is without."),
        S(&C::all_topic_list, "enableAllTopicList", When::kLive, "Answer requests for all topics."),
        S(&C::topic_lists, "enableTopicList", When::kLive,
          "Answer requests for other topic lists."),
        S(&C::wait_for_service, "needWaitForService", When::kStart,
          "Answer no route for a while after the start, until all brokers have registered."),
        S(&C::wait_for_service_s, "waitSecondsForService", When::kStart, "Seconds of that while.",
          Between{0, 3600})};
  }

  Status Check() const;  // texts that are used at the start
};

}  // namespace comet::namesrv
