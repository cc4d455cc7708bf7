#pragma once

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/delete_topic.h"
#include "remoting/wire/requests/get_all_topic_config.h"
#include "remoting/wire/requests/get_system_topics.h"
#include "remoting/wire/requests/get_topic_config.h"
#include "remoting/wire/requests/update_topic.h"
#include "remoting/wire/requests/update_topic_list.h"

namespace comet::broker {

// Administration of topics, by mqadmin and the dashboard.

// Creates a topic or changes it. Answers when the name servers have heard of it, or seconds later:
// who asks for its route next finds it, as with Apache's broker.
class UpdateTopicHandler {
 public:
  using Request = wire::UpdateTopic;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit UpdateTopicHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// The same for a list: all of them, or none.
class UpdateTopicListHandler {
 public:
  using Request = wire::UpdateTopicList;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit UpdateTopicListHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// Deletes a topic, its queues and its offsets. Its messages stay in the log until that expires.
class DeleteTopicHandler {
 public:
  using Request = wire::DeleteTopic;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit DeleteTopicHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

class GetTopicConfigHandler {
 public:
  using Request = wire::GetTopicConfig;
  static constexpr net::Lane kLane = net::Lane::kLoop;
  explicit GetTopicConfigHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

// All topics, or a page of them.
class GetAllTopicConfigHandler {
 public:
  using Request = wire::GetAllTopicConfig;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetAllTopicConfigHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

class GetSystemTopicsHandler {
 public:
  using Request = wire::GetSystemTopics;
  static constexpr net::Lane kLane = net::Lane::kLoop;
  explicit GetSystemTopicsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
