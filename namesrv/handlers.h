#pragma once

#include "namesrv/handlers/broker_heartbeat.h"
#include "namesrv/handlers/cluster_info.h"
#include "namesrv/handlers/get_route.h"
#include "namesrv/handlers/kv_config.h"
#include "namesrv/handlers/namesrv_config.h"
#include "namesrv/handlers/register_broker.h"
#include "namesrv/handlers/topic_changes.h"
#include "namesrv/handlers/topic_lists.h"
#include "namesrv/handlers/unregister_broker.h"
#include "namesrv/handlers/write_permission.h"
#include "namesrv/kv_table.h"
#include "namesrv/namesrv_config.h"
#include "namesrv/registry.h"
#include "remoting/net/router.h"

namespace comet::namesrv {

// One of each. Everything given to the constructor must outlive it.
struct Handlers {
  Handlers(Registry& registry, KvTable& kv, Live<NamesrvConfig>& settings, FileSystem& fs,
           const Clock& clock)
      : register_broker(registry, kv, settings),
        query_data_version(registry),
        unregister_broker(registry),
        broker_heartbeat(registry),
        get_route(registry, kv, settings, clock),
        cluster_info(registry),
        broker_members(registry),
        all_topics(registry, settings),
        cluster_topics(registry, settings),
        system_topics(registry, settings),
        unit_topics(registry, settings),
        unit_sub_topics(registry, settings),
        unit_sub_ununit_topics(registry, settings),
        delete_topic_route(registry),
        register_topic(registry),
        wipe_write_permission(registry),
        add_write_permission(registry),
        put_kv_config(kv),
        get_kv_config(kv),
        delete_kv_config(kv),
        get_kv_list(kv),
        get_config(settings),
        update_config(settings, fs) {}

  RegisterBrokerHandler register_broker;
  QueryDataVersionHandler query_data_version;
  UnregisterBrokerHandler unregister_broker;
  BrokerHeartbeatHandler broker_heartbeat;
  GetRouteHandler get_route;
  ClusterInfoHandler cluster_info;
  BrokerMembersHandler broker_members;
  AllTopicsHandler all_topics;
  ClusterTopicsHandler cluster_topics;
  SystemTopicsHandler system_topics;
  UnitTopicsHandler unit_topics;
  UnitSubTopicsHandler unit_sub_topics;
  UnitSubUnunitTopicsHandler unit_sub_ununit_topics;
  DeleteTopicRouteHandler delete_topic_route;
  RegisterTopicHandler register_topic;
  WipeWritePermissionHandler wipe_write_permission;
  AddWritePermissionHandler add_write_permission;
  PutKvConfigHandler put_kv_config;
  GetKvConfigHandler get_kv_config;
  DeleteKvConfigHandler delete_kv_config;
  GetKvListHandler get_kv_list;
  GetNamesrvConfigHandler get_config;
  UpdateNamesrvConfigHandler update_config;
};

// The table of contents: every request a name server answers.
void RegisterHandlers(net::Router& router, Handlers& handlers);

}  // namespace comet::namesrv
