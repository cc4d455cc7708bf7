#include "namesrv/handlers.h"

namespace comet::namesrv {

void RegisterHandlers(net::Router& router, Handlers& handlers) {
  // brokers
  router.Add(handlers.register_broker);
  router.Add(handlers.query_data_version);
  router.Add(handlers.unregister_broker);
  router.Add(handlers.broker_heartbeat);
  // routes and lists
  router.Add(handlers.get_route);
  router.Add(handlers.cluster_info);
  router.Add(handlers.broker_members);
  router.Add(handlers.all_topics);
  router.Add(handlers.cluster_topics);
  router.Add(handlers.system_topics);
  router.Add(handlers.unit_topics);
  router.Add(handlers.unit_sub_topics);
  router.Add(handlers.unit_sub_ununit_topics);
  // administration
  router.Add(handlers.delete_topic_route);
  router.Add(handlers.register_topic);
  router.Add(handlers.wipe_write_permission);
  router.Add(handlers.add_write_permission);
  router.Add(handlers.put_kv_config);
  router.Add(handlers.get_kv_config);
  router.Add(handlers.delete_kv_config);
  router.Add(handlers.get_kv_list);
  router.Add(handlers.get_config);
  router.Add(handlers.update_config);
}

}  // namespace comet::namesrv
