#include "broker/slave/sync_topics.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "broker/slave/fetch_table.h"
#include "broker/slave/master_log.h"
#include "remoting/base/limits.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/requests/get_all_topic_config.h"

namespace comet::broker {
namespace {

// Of all topics together: each has a place in memory.
constexpr std::int64_t kQueuesMax = std::int64_t{64} * limits::kTopicsMax;

StatusOr<TablePage<wire::TopicConfigTable>> AskTopics(net::Client& master, const PageAsk& ask) {
  using R = wire::GetAllTopicConfig;
  COMET_ASSIGN(const auto answer, master.CallAndWait<R>({ask.first, ask.version, ask.entries_max},
                                                        {}, {.timeout = kTableTimeout}));
  COMET_TRY(CheckAnswer(*answer));
  COMET_ASSIGN(auto table, FromJson<wire::TopicConfigTable>(answer->body));
  return TablePage<wire::TopicConfigTable>{std::move(table), answer->reply.total_topics,
                                           answer->body.size()};
}

}  // namespace

Status CheckTopics(const wire::TopicConfigTable& table) {
  if (table.topics.empty()) return BadTable("no topic at all, which no broker has");
  if (table.topics.size() > limits::kTopicsMax) {
    return BadTable(Concat(table.topics.size(), " topics, more than the ", limits::kTopicsMax,
                           " a broker may have"));
  }
  COMET_TRY(CheckVersion(table.data_version));
  std::int64_t all_queues = 0;
  for (const auto& [name, topic] : table.topics) {
    COMET_TRY(CheckEntryName("topic", name));
    if (topic.name != name) {
      return BadTable(Concat("topic '", name, "' says it is '", topic.name, "'"));
    }
    for (const auto queues : {topic.read_queues, topic.write_queues}) {
      if (queues < 0 || queues > TopicTable::kQueuesPerTopicMax) {
        return BadTable(Concat("topic '", name, "' has ", queues, " queues"));
      }
    }
    if ((topic.perm & ~wire::perm::kAll) != 0) {
      return BadTable(Concat("topic '", name, "' has perm ", topic.perm));
    }
    all_queues += std::max(topic.read_queues, topic.write_queues);
  }
  if (all_queues > kQueuesMax) {
    return BadTable(Concat(all_queues, " queues in all, more than ", kQueuesMax));
  }
  return {};
}

StatusOr<std::optional<wire::TopicConfigTable>> TopicSync::Fetch(net::Client& master) const {
  const auto known = followed_ ? std::optional(context_.topics.version()) : std::nullopt;
  COMET_ASSIGN(auto table, FetchTable<wire::TopicConfigTable>(
                               known, [&](const PageAsk& ask) { return AskTopics(master, ask); },
                               [](wire::TopicConfigTable page, wire::TopicConfigTable* all) {
                                 all->topics.merge(page.topics);
                                 return static_cast<std::int32_t>(all->topics.size());
                               }));
  if (table) COMET_TRY(CheckTopics(*table));
  return table;
}

Status TopicSync::Run(net::Client& master) {
  // Before the question: a topic that is made anew after the answer has its records behind it.
  const auto log_end = context_.store.log().end();
  COMET_ASSIGN(auto table, Fetch(master));
  if (table) COMET_TRY(Apply(std::move(*table)));
  std::erase_if(gone_, [&](const auto& one) { return context_.topics.Find(one.first) != nullptr; });
  if (gone_.empty()) return {};
  COMET_TRY(LearnEnds(master));
  return DeleteGone(log_end);
}

Status TopicSync::Apply(wire::TopicConfigTable table) {
  std::vector<wire::TopicConfig> topics;
  topics.reserve(table.topics.size());
  for (auto& [name, topic] : table.topics) topics.push_back(std::move(topic));
  COMET_ASSIGN(const auto gone, context_.topics.Follow(std::move(topics), table.data_version));
  followed_ = true;
  for (auto& [name, its_end] : gone_) its_end.reset();  // it may have been there again in between
  for (const auto& name : gone) LOG_INFO << "topic " << name << " is gone, as on the master";
  for (const auto& name : gone) gone_[name] = std::nullopt;
  return {};
}

// Asked behind the table that lacks them. A master that does not say has no more, for what is
// known.
Status TopicSync::LearnEnds(net::Client& master) {
  const bool known =
      std::ranges::all_of(gone_, [](const auto& one) { return one.second.has_value(); });
  if (known) return {};
  auto end = context_.master_log->Ask(master);
  if (!end.ok() && end.error().code() != Status::Code::kInvalid) return end.TakeError();
  for (auto& [name, its_end] : gone_) {
    if (!its_end) its_end = end.ok() ? *end : 0;
  }
  return {};
}

// Its records may still be on their way: a queue that has grown since waits for the next time, and
// one that may come yet is waited for.
Status TopicSync::DeleteGone(std::int64_t log_end) {
  std::set<std::string, std::less<>> growing, there;
  context_.store.queues().ForEach([&](store::QueueSlot& slot) {
    there.emplace(slot.topic());
    if (slot.queue().log_end() > log_end) growing.emplace(slot.topic());
  });
  std::vector<std::string> ready;
  for (const auto& [name, its_end] : gone_) {
    const bool all_came = log_end >= *its_end;
    if (!growing.contains(name) && (all_came || there.contains(name))) ready.push_back(name);
  }
  for (const auto& name : ready) {
    COMET_TRY(context_.offset_keeper.ForgetTopic(name));
    context_.stats.ForgetTopic(name);
    if (log_end >= *gone_[name]) gone_.erase(name);
  }
  if (ready.empty()) return {};
  context_.store.DeleteTopicsBelow(log_end, std::move(ready), [](const Status& deleted) {
    if (!deleted.ok()) LOG_ERROR << "queues of deleted topics: " << deleted.ToString();
  });
  return {};
}

}  // namespace comet::broker
