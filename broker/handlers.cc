#include "broker/handlers.h"

namespace comet::broker {
namespace {

void RegisterCommon(net::Router& router, Handlers& h) {
  // messages
  router.Add(h.send_message);
  router.Add(h.send_back);
  router.Add(h.query_message);
  router.Add(h.view_message);
  // offsets
  router.Add(h.query_offset);
  router.Add(h.update_offset);
  router.Add(h.max_offset);
  router.Add(h.min_offset);
  router.Add(h.search_offset);
  router.Add(h.earliest_time);
  // clients
  router.Add(h.heartbeat);
  router.Add(h.unregister);
  router.Add(h.list_consumers);
  router.Add(h.check_client_config);
  router.Add(h.lock_queues);
  router.Add(h.unlock_queues);
  // administration: topics and groups
  router.Add(h.update_topic);
  router.Add(h.update_topic_list);
  router.Add(h.delete_topic);
  router.Add(h.get_topic_config);
  router.Add(h.get_all_topic_config);
  router.Add(h.get_system_topics);
  router.Add(h.update_group);
  router.Add(h.update_group_list);
  router.Add(h.delete_group);
  router.Add(h.get_group_config);
  router.Add(h.get_all_groups);
  // administration: progress, connections, figures
  router.Add(h.get_topic_stats);
  router.Add(h.get_consume_stats);
  router.Add(h.query_topic_groups);
  router.Add(h.query_group_topics);
  router.Add(h.get_consumer_connections);
  router.Add(h.get_producer_connections);
  router.Add(h.get_all_producers);
  router.Add(h.query_subscription);
  router.Add(h.get_runtime_info);
  router.Add(h.view_stats);
  // administration: settings
  router.Add(h.get_config);
  router.Add(h.update_config);
  // administration: offsets, store, questions to clients
  router.Add(h.get_broker_consume_stats);
  router.Add(h.get_all_consumer_offsets);
  router.Add(h.get_all_delay_offsets);
  router.Add(h.reset_offset);
  router.Add(h.clone_offset);
  router.Add(h.query_consume_queue);
  router.Add(h.clean_unused_topics);
  router.Add(h.delete_expired_log);
  router.Add(h.clean_expired_queues);
  router.Add(h.query_time_span);
  router.Add(h.query_correction);
  router.Add(h.get_consumer_running_info);
  router.Add(h.get_consumer_status);
  router.Add(h.consume_directly);
  // replication
  router.Add(h.attach_replica);
  router.Add(h.get_ha_status);
}

}  // namespace

void RegisterHandlers(net::Router& main, net::Router& without_pulls, Handlers& handlers,
                      bool slave) {
  RegisterCommon(main, handlers);
  RegisterCommon(without_pulls, handlers);
  if (slave) main.Add(handlers.end_transaction);
  main.Add(handlers.pull_message);
}

}  // namespace comet::broker
