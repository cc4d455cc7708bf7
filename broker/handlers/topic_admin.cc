#include "broker/handlers/topic_admin.h"

#include <set>
#include <utility>
#include <vector>

#include "broker/attributes.h"
#include "broker/handlers/checked.h"
#include "broker/namesrv_link.h"
#include "broker/paging.h"
#include "broker/status_to_code.h"
#include "broker/system_topics.h"
#include "remoting/base/describe_json.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/name_lists.h"
#include "remoting/wire/flags.h"

namespace comet::broker {
namespace {

using wire::TopicConfig;

// Why a topic cannot be as asked for: its name and numbers are 29, its attributes 1, as from
// Apache's broker.
Refused BadParameter(const Status& status) {
  return {ResponseCode::kInvalidParameter, status.message()};
}
Refused BadAttributes(const Status& status) {
  return {ResponseCode::kSystemError, status.message()};
}

Status CheckNumbers(const TopicConfig& topic) {
  constexpr auto kMax = TopicTable::kQueuesPerTopicMax;
  for (const auto queues : {topic.read_queues, topic.write_queues}) {
    if (queues < 0 || queues > kMax) {
      return {Status::Code::kInvalid,
              Concat("queue number ", queues, " of topic ", topic.name, " is not 0 to ", kMax)};
    }
  }
  if ((topic.perm & ~wire::perm::kAll) != 0) {
    return {Status::Code::kInvalid, Concat("perm ", topic.perm, " of topic ", topic.name,
                                           " is not 0 to ", wire::perm::kAll)};
  }
  return {};
}

// Checks `wanted` and turns the changes in its attributes into what they will be.
std::optional<Refused> Complete(const Context& context, TopicConfig* wanted) {
  if (auto bad = CheckOperatorsTopic(*context.config.Get(), wanted->name); !bad.ok()) {
    return BadParameter(bad);
  }
  if (auto bad = CheckNumbers(*wanted); !bad.ok()) return BadParameter(bad);
  const auto known = context.topics.Find(wanted->name);
  auto attributes = ChangeAttributes(TopicAttributeRules(), known == nullptr,
                                     known == nullptr ? Attributes() : known->config().attributes,
                                     wanted->attributes);
  if (!attributes.ok()) return BadAttributes(attributes.error());
  wanted->attributes = attributes.Take();
  return std::nullopt;
}

StatusOr<TopicConfig> ConfigOf(const wire::UpdateTopic::Header& header) {
  TopicConfig topic;
  topic.name = header.topic;
  topic.read_queues = header.read_queues;
  topic.write_queues = header.write_queues;
  topic.perm = header.perm;
  topic.sys_flag = header.topic_sys_flag.value_or(0);
  topic.order = header.order;
  const auto filter = EnumOf<wire::TopicFilterType>(header.filter_type);
  if (!filter) {
    return Status(Status::Code::kInvalid,
                  Concat("topicFilterType: '", header.filter_type.substr(0, 64),
                         "' is neither SINGLE_TAG nor MULTI_TAG"));
  }
  topic.filter_type = *filter;
  COMET_ASSIGN(topic.attributes, ParseAttributeChanges(header.attributes));
  return topic;
}

}  // namespace

void UpdateTopicHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                                net::Responder&& reply) {
  if (auto bad = CheckOperatorsTopic(*context_.config.Get(), header.topic); !bad.ok()) {
    return Fail(std::move(reply), BadParameter(bad));
  }
  auto topic = ConfigOf(header);
  if (!topic.ok()) return Fail(std::move(reply), BadAttributes(topic.error()));
  if (auto refused = Complete(context_, &*topic)) return Fail(std::move(reply), *refused);
  if (auto put = context_.topics.Put(topic.Take()); !put.ok()) {
    return Fail(std::move(reply), RefusedBy(put));
  }
  LOG_INFO << request.peer.text << " set topic " << header.topic;
  // The remark is what Apache's broker says, which forgets to set one.
  context_.namesrv.WhenTold([reply = std::move(reply)]() mutable {
    std::move(reply).Plain({ResponseCode::kSuccess, "not set any response code"});
  });
}

void UpdateTopicListHandler::Handle(const Request::Header& /*header*/,
                                    const net::RequestContext& request, net::Responder&& reply) {
  auto list = FromJson<wire::TopicConfigList>(request.body);
  if (!list.ok()) return Fail(std::move(reply), BadAttributes(list.error()));
  std::set<std::string> names;
  for (auto& topic : list->topics) {
    if (auto refused = Complete(context_, &topic)) return Fail(std::move(reply), *refused);
    if (!names.insert(topic.name).second) {
      return Fail(std::move(reply), {ResponseCode::kInvalidParameter,
                                     Concat("topic ", topic.name, " is in the list twice")});
    }
  }
  if (auto put = context_.topics.PutAll(std::move(list->topics)); !put.ok()) {
    return Fail(std::move(reply), RefusedBy(put));
  }
  LOG_INFO << request.peer.text << " set " << names.size() << " topics";
  context_.namesrv.WhenTold([reply = std::move(reply)]() mutable { std::move(reply).Plain({}); });
}

// In this order: who sends or pulls is refused, then the offsets go, then the queues.
void DeleteTopicHandler::Handle(const Request::Header& header, const net::RequestContext& request,
                                net::Responder&& reply) {
  if (auto bad = CheckOperatorsTopic(*context_.config.Get(), header.topic); !bad.ok()) {
    return Fail(std::move(reply), BadParameter(bad));
  }
  auto done = context_.topics.Remove(header.topic);
  if (done.ok()) done = context_.offset_keeper.ForgetTopic(header.topic);
  if (!done.ok()) return Fail(std::move(reply), RefusedBy(done));
  context_.stats.ForgetTopic(header.topic);
  LOG_INFO << request.peer.text << " deletes topic " << header.topic;
  std::vector<std::string> topics{std::string(header.topic)};
  context_.store.DeleteTopics(
      std::move(topics), nullptr,
      [topic = std::string(header.topic), reply = std::move(reply)](Status deleted) mutable {
        if (deleted.ok()) return std::move(reply).Plain({});
        LOG_ERROR << "queues of the deleted topic " << topic << ": " << deleted.ToString();
        Fail(std::move(reply), RefusedBy(deleted));
      });
}

void GetTopicConfigHandler::Handle(const Request::Header& header,
                                   const net::RequestContext& request, net::Responder&& reply) {
  const auto* topic = context_.At(request.connection).topics.Find(header.topic);
  if (topic == nullptr) {
    return Fail(std::move(reply), {ResponseCode::kTopicNotExist,
                                   Concat("No topic in this broker. topic: ", header.topic)});
  }
  std::move(reply).Plain({}, ToJson(topic->config()));
}

void GetAllTopicConfigHandler::Handle(const Request::Header& header,
                                      const net::RequestContext& /*request*/,
                                      net::Responder&& reply) {
  wire::TopicConfigTable table;
  table.data_version = context_.topics.version();  // first: a change meanwhile shows in the next
  const auto all = context_.topics.All();
  const auto page = PageOf({header.topic_seq, header.data_version, header.max_topics},
                           table.data_version, all.size());
  for (auto i = page.begin; i < page.end; ++i) {
    table.topics.emplace_hint(table.topics.end(), all[i]->name(), all[i]->config());
  }
  std::move(reply).Ok<Request>({static_cast<std::int32_t>(all.size())}, ToJson(table));
}

void GetSystemTopicsHandler::Handle(const Request::Header& /*header*/,
                                    const net::RequestContext& /*request*/,
                                    net::Responder&& reply) {
  std::move(reply).Plain({}, ToJson(wire::TopicList{SystemTopics(*context_.config.Get()), {}}));
}

}  // namespace comet::broker
