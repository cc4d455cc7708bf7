#pragma once

#include "broker/context.h"
#include "broker/handlers/broker_settings.h"
#include "broker/handlers/checked.h"
#include "broker/handlers/client_calls.h"
#include "broker/handlers/clients.h"
#include "broker/handlers/connections.h"
#include "broker/handlers/consume_spans.h"
#include "broker/handlers/group_admin.h"
#include "broker/handlers/ha.h"
#include "broker/handlers/locks.h"
#include "broker/handlers/master_only.h"
#include "broker/handlers/offset_tables.h"
#include "broker/handlers/offsets.h"
#include "broker/handlers/progress.h"
#include "broker/handlers/pull_message.h"
#include "broker/handlers/queries.h"
#include "broker/handlers/reset_offset.h"
#include "broker/handlers/runtime_info.h"
#include "broker/handlers/send_back.h"
#include "broker/handlers/send_message.h"
#include "broker/handlers/store_admin.h"
#include "broker/handlers/topic_admin.h"
#include "broker/member_notice.h"
#include "remoting/net/router.h"

namespace comet::broker {

// Every handler of the broker, each with the parts it needs.
struct Handlers {
  Handlers(Context& context, MemberNotice& notice)
      : send_message(context),
        send_back(context),
        pull_message(context),
        query_message(context),
        view_message(context),
        query_offset(context),
        update_offset(context),
        max_offset(context),
        min_offset(context),
        search_offset(context),
        earliest_time(context),
        heartbeat(context, notice),
        unregister(context, notice),
        list_consumers(context),
        lock_queues(context),
        unlock_queues(context),
        update_topic(context),
        update_topic_list(context),
        delete_topic(context),
        get_topic_config(context),
        get_all_topic_config(context),
        get_system_topics(context),
        update_group(context),
        update_group_list(context),
        delete_group(context),
        get_group_config(context),
        get_all_groups(context),
        get_topic_stats(context),
        get_consume_stats(context),
        query_topic_groups(context),
        query_group_topics(context),
        get_consumer_connections(context),
        get_producer_connections(context),
        get_all_producers(context),
        query_subscription(context),
        get_runtime_info(context),
        view_stats(context),
        get_config(context),
        update_config(context),
        get_broker_consume_stats(context),
        get_all_consumer_offsets(context),
        get_all_delay_offsets(context),
        reset_offset(context),
        clone_offset(context),
        query_consume_queue(context),
        clean_unused_topics(context),
        delete_expired_log(context),
        get_consumer_running_info(context),
        get_consumer_status(context),
        consume_directly(context),
        query_time_span(context),
        query_correction(context),
        attach_replica(context),
        get_ha_status(context) {}

  MasterOnly<SendMessageHandler> send_message;
  MasterOnly<Checked<SendBackHandler>> send_back;
  EndTransactionOnSlave end_transaction;
  PullMessageHandler pull_message;
  Checked<QueryMessageHandler> query_message;
  Checked<ViewMessageHandler> view_message;

  QueryOffsetHandler query_offset;
  UpdateOffsetHandler update_offset;
  MaxOffsetHandler max_offset;
  MinOffsetHandler min_offset;
  SearchOffsetHandler search_offset;
  EarliestTimeHandler earliest_time;

  HeartbeatHandler heartbeat;
  Checked<UnregisterHandler> unregister;
  ListConsumersHandler list_consumers;
  CheckClientConfigHandler check_client_config;
  MasterOnly<LockQueuesHandler> lock_queues;
  MasterOnly<UnlockQueuesHandler> unlock_queues;

  // administration
  MasterOnly<UpdateTopicHandler> update_topic;
  MasterOnly<UpdateTopicListHandler> update_topic_list;
  MasterOnly<Checked<DeleteTopicHandler>> delete_topic;
  Checked<GetTopicConfigHandler> get_topic_config;
  GetAllTopicConfigHandler get_all_topic_config;
  GetSystemTopicsHandler get_system_topics;
  MasterOnly<UpdateGroupHandler> update_group;
  MasterOnly<UpdateGroupListHandler> update_group_list;
  MasterOnly<Checked<DeleteGroupHandler>> delete_group;
  Checked<GetGroupConfigHandler> get_group_config;
  GetAllGroupsHandler get_all_groups;
  Checked<GetTopicStatsHandler> get_topic_stats;
  Checked<GetConsumeStatsHandler> get_consume_stats;
  Checked<QueryTopicGroupsHandler> query_topic_groups;
  Checked<QueryGroupTopicsHandler> query_group_topics;
  Checked<GetConsumerConnectionsHandler> get_consumer_connections;
  Checked<GetProducerConnectionsHandler> get_producer_connections;
  GetAllProducersHandler get_all_producers;
  Checked<QuerySubscriptionHandler> query_subscription;
  GetBrokerRuntimeInfoHandler get_runtime_info;
  ViewBrokerStatsHandler view_stats;
  GetBrokerConfigHandler get_config;
  UpdateBrokerConfigHandler update_config;
  GetBrokerConsumeStatsHandler get_broker_consume_stats;
  GetAllConsumerOffsetsHandler get_all_consumer_offsets;
  GetAllDelayOffsetsHandler get_all_delay_offsets;
  MasterOnly<Checked<ResetOffsetHandler>> reset_offset;
  Checked<CloneOffsetHandler> clone_offset;
  Checked<QueryConsumeQueueHandler> query_consume_queue;
  MasterOnly<CleanUnusedTopicsHandler> clean_unused_topics;
  DeleteExpiredLogHandler delete_expired_log;
  Checked<GetConsumerRunningInfoHandler> get_consumer_running_info;
  Checked<GetConsumerStatusHandler> get_consumer_status;
  Checked<ConsumeDirectlyHandler> consume_directly;
  Checked<QueryConsumeTimeSpanHandler> query_time_span;
  Checked<QueryCorrectionOffsetHandler> query_correction;
  CleanExpiredQueuesHandler clean_expired_queues;

  // replication
  AttachReplicaHandler attach_replica;
  GetBrokerHaStatusHandler get_ha_status;
};

// The broker's table of contents: what it answers on its main port, and on the port two below it,
// which serves everything but pulls.
void RegisterHandlers(net::Router& main, net::Router& without_pulls, Handlers& handlers,
                      bool slave);

}  // namespace comet::broker
