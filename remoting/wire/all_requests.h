#pragma once

#include "remoting/wire/requests/add_write_permission.h"
#include "remoting/wire/requests/attach_replica.h"
#include "remoting/wire/requests/broker_heartbeat.h"
#include "remoting/wire/requests/check_client_config.h"
#include "remoting/wire/requests/clean_expired_queues.h"
#include "remoting/wire/requests/clean_unused_topics.h"
#include "remoting/wire/requests/clone_offset.h"
#include "remoting/wire/requests/consume_directly.h"
#include "remoting/wire/requests/delete_expired_log.h"
#include "remoting/wire/requests/delete_group.h"
#include "remoting/wire/requests/delete_kv_config.h"
#include "remoting/wire/requests/delete_topic.h"
#include "remoting/wire/requests/delete_topic_route.h"
#include "remoting/wire/requests/get_all_consumer_offsets.h"
#include "remoting/wire/requests/get_all_delay_offsets.h"
#include "remoting/wire/requests/get_all_groups.h"
#include "remoting/wire/requests/get_all_producers.h"
#include "remoting/wire/requests/get_all_topic_config.h"
#include "remoting/wire/requests/get_all_topics.h"
#include "remoting/wire/requests/get_broker_config.h"
#include "remoting/wire/requests/get_broker_consume_stats.h"
#include "remoting/wire/requests/get_broker_ha_status.h"
#include "remoting/wire/requests/get_broker_members.h"
#include "remoting/wire/requests/get_broker_runtime_info.h"
#include "remoting/wire/requests/get_client_status.h"
#include "remoting/wire/requests/get_cluster_info.h"
#include "remoting/wire/requests/get_consume_stats.h"
#include "remoting/wire/requests/get_consumer_connections.h"
#include "remoting/wire/requests/get_consumer_list.h"
#include "remoting/wire/requests/get_consumer_running_info.h"
#include "remoting/wire/requests/get_consumer_status.h"
#include "remoting/wire/requests/get_earliest_store_time.h"
#include "remoting/wire/requests/get_group_config.h"
#include "remoting/wire/requests/get_kv_config.h"
#include "remoting/wire/requests/get_kv_list.h"
#include "remoting/wire/requests/get_max_offset.h"
#include "remoting/wire/requests/get_min_offset.h"
#include "remoting/wire/requests/get_namesrv_config.h"
#include "remoting/wire/requests/get_producer_connections.h"
#include "remoting/wire/requests/get_route.h"
#include "remoting/wire/requests/get_system_topics.h"
#include "remoting/wire/requests/get_system_topics_from_namesrv.h"
#include "remoting/wire/requests/get_topic_config.h"
#include "remoting/wire/requests/get_topic_stats.h"
#include "remoting/wire/requests/get_topics_by_cluster.h"
#include "remoting/wire/requests/get_unit_sub_topics.h"
#include "remoting/wire/requests/get_unit_sub_ununit_topics.h"
#include "remoting/wire/requests/get_unit_topics.h"
#include "remoting/wire/requests/heartbeat.h"
#include "remoting/wire/requests/lock_queues.h"
#include "remoting/wire/requests/notify_consumers_changed.h"
#include "remoting/wire/requests/pull_message.h"
#include "remoting/wire/requests/put_kv_config.h"
#include "remoting/wire/requests/query_consume_queue.h"
#include "remoting/wire/requests/query_consume_time_span.h"
#include "remoting/wire/requests/query_consumer_offset.h"
#include "remoting/wire/requests/query_correction_offset.h"
#include "remoting/wire/requests/query_data_version.h"
#include "remoting/wire/requests/query_group_topics.h"
#include "remoting/wire/requests/query_message.h"
#include "remoting/wire/requests/query_subscription.h"
#include "remoting/wire/requests/query_topic_groups.h"
#include "remoting/wire/requests/register_broker.h"
#include "remoting/wire/requests/register_topic.h"
#include "remoting/wire/requests/reset_client_offset.h"
#include "remoting/wire/requests/reset_offset.h"
#include "remoting/wire/requests/search_offset.h"
#include "remoting/wire/requests/send_message.h"
#include "remoting/wire/requests/send_message_back.h"
#include "remoting/wire/requests/unlock_queues.h"
#include "remoting/wire/requests/unregister_broker.h"
#include "remoting/wire/requests/unregister_client.h"
#include "remoting/wire/requests/update_broker_config.h"
#include "remoting/wire/requests/update_consumer_offset.h"
#include "remoting/wire/requests/update_group.h"
#include "remoting/wire/requests/update_group_list.h"
#include "remoting/wire/requests/update_namesrv_config.h"
#include "remoting/wire/requests/update_topic.h"
#include "remoting/wire/requests/update_topic_list.h"
#include "remoting/wire/requests/view_broker_stats.h"
#include "remoting/wire/requests/view_message.h"
#include "remoting/wire/requests/wipe_write_permission.h"

namespace comet::wire {

// Every request there is, by who serves it: what tests, fuzzers and generated docs walk, and what
// a router must know. Some are served by brokers and clients both.
template <class... R>
struct RequestList {};

using BrokerRequests = RequestList<
    SendMessage, SendMessageBack, PullMessage, QueryMessage, ViewMessage, QueryConsumerOffset,
    UpdateConsumerOffset, SearchOffset, GetMaxOffset, GetMinOffset, GetEarliestStoreTime, Heartbeat,
    UnregisterClient, GetConsumerList, LockQueues, UnlockQueues, CheckClientConfig,
    GetAllTopicConfig, GetAllGroups, GetAllConsumerOffsets, GetAllDelayOffsets, UpdateBrokerConfig,
    GetBrokerConfig, GetBrokerRuntimeInfo, UpdateTopic, UpdateTopicList, DeleteTopic,
    GetTopicConfig, GetTopicStats, GetSystemTopics, QueryTopicGroups, UpdateGroup, UpdateGroupList,
    DeleteGroup, GetGroupConfig, GetConsumerConnections, GetProducerConnections, GetConsumeStats,
    QueryGroupTopics, GetConsumerRunningInfo, ViewBrokerStats, GetAllProducers, QuerySubscription,
    ResetOffset, CloneOffset, GetBrokerConsumeStats, QueryConsumeQueue, CleanUnusedTopics,
    DeleteExpiredLog, ConsumeDirectly, CleanExpiredQueues, QueryConsumeTimeSpan,
    QueryCorrectionOffset, GetConsumerStatus, GetBrokerHaStatus, AttachReplica>;
using NamesrvRequests =
    RequestList<PutKvConfig, GetKvConfig, DeleteKvConfig, GetKvList, RegisterBroker,
                UnregisterBroker, QueryDataVersion, BrokerHeartbeat, GetBrokerMembers, GetRoute,
                GetClusterInfo, WipeWritePermission, AddWritePermission, GetAllTopics,
                DeleteTopicRoute, RegisterTopic, GetTopicsByCluster, GetSystemTopicsFromNamesrv,
                GetUnitTopics, GetUnitSubTopics, GetUnitSubUnunitTopics, UpdateNamesrvConfig,
                GetNamesrvConfig, GetConsumerRunningInfo>;
using ClientRequests = RequestList<NotifyConsumersChanged, ResetClientOffset,
                                   GetConsumerRunningInfo, ConsumeDirectly, GetClientStatus>;

// Calls fn.template operator()<R>() for each request of the list.
template <class Fn, class... R>
void ForEachRequest(RequestList<R...>, Fn&& fn) {
  (fn.template operator()<R>(), ...);
}

template <class Fn>
void ForEachRequest(Fn&& fn) {
  ForEachRequest(BrokerRequests{}, fn);
  ForEachRequest(NamesrvRequests{}, fn);
  ForEachRequest(ClientRequests{}, fn);
}

}  // namespace comet::wire
