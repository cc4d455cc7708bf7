#include "broker/slave/sync_groups.h"

#include <map>
#include <utility>

#include "broker/slave/fetch_table.h"
#include "remoting/base/limits.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/requests/get_all_groups.h"

namespace comet::broker {
namespace {

StatusOr<TablePage<wire::SubscriptionGroupTable>> AskGroups(net::Client& master,
                                                            const PageAsk& ask) {
  using R = wire::GetAllGroups;
  COMET_ASSIGN(const auto answer, master.CallAndWait<R>({ask.first, ask.version, ask.entries_max},
                                                        {}, {.timeout = kTableTimeout}));
  COMET_TRY(CheckAnswer(*answer));
  COMET_ASSIGN(auto table, FromJson<wire::SubscriptionGroupTable>(answer->body));
  return TablePage<wire::SubscriptionGroupTable>{std::move(table), answer->reply.total_groups,
                                                 answer->body.size()};
}

// Makes the bits that are kept those of the master.
Status FollowForbidden(store::meta::MetaStore& meta, const store::meta::Forbidden& wanted) {
  COMET_ASSIGN(const auto known, meta.ForbiddenPulls());
  for (const auto& [group, bits] : wanted) {
    const auto found = known.find(group);
    if (found == known.end() || found->second != bits) {
      COMET_TRY(meta.PutForbiddenPulls(group, bits));
    }
  }
  for (const auto& [group, bits] : known) {
    if (!wanted.contains(group) && !bits.empty()) COMET_TRY(meta.PutForbiddenPulls(group, {}));
  }
  return {};
}

}  // namespace

Status CheckGroups(const wire::SubscriptionGroupTable& table) {
  if (table.groups.empty()) return BadTable("no group at all, which no broker has");
  for (const auto groups : {table.groups.size(), table.forbidden.size()}) {
    if (groups > limits::kGroupsMax) {
      return BadTable(
          Concat(groups, " groups, more than the ", limits::kGroupsMax, " a broker may have"));
    }
  }
  COMET_TRY(CheckVersion(table.data_version));
  for (const auto& [name, group] : table.groups) {
    COMET_TRY(CheckEntryName("group", name));
    if (group.name != name) {
      return BadTable(Concat("group '", name, "' says it is '", group.name, "'"));
    }
    if (group.retry_queues < 0 || group.retry_queues > TopicTable::kQueuesPerTopicMax) {
      return BadTable(Concat("group '", name, "' has ", group.retry_queues, " retry queues"));
    }
  }
  for (const auto& [name, bits] : table.forbidden) COMET_TRY(CheckEntryName("group", name));
  return {};
}

StatusOr<std::optional<wire::SubscriptionGroupTable>> GroupSync::Fetch(net::Client& master) const {
  using Table = wire::SubscriptionGroupTable;
  const auto known = followed_ ? std::optional(context_.groups.version()) : std::nullopt;
  COMET_ASSIGN(auto table, FetchTable<Table>(
                               known, [&](const PageAsk& ask) { return AskGroups(master, ask); },
                               [](Table page, Table* all) {
                                 all->groups.merge(page.groups);
                                 all->forbidden.merge(page.forbidden);
                                 return static_cast<std::int32_t>(all->groups.size());
                               }));
  if (table) COMET_TRY(CheckGroups(*table));
  return table;
}

Status GroupSync::Run(net::Client& master) {
  COMET_ASSIGN(auto table, Fetch(master));
  if (!table) return {};
  return Apply(std::move(*table));
}

Status GroupSync::Apply(wire::SubscriptionGroupTable table) {
  std::vector<wire::SubscriptionGroupConfig> groups;
  groups.reserve(table.groups.size());
  for (auto& [name, group] : table.groups) groups.push_back(std::move(group));
  COMET_TRY(FollowForbidden(context_.meta, table.forbidden));
  COMET_ASSIGN(const auto gone, context_.groups.Follow(std::move(groups), table.data_version));
  followed_ = true;
  for (const auto& name : gone) LOG_INFO << "group " << name << " is gone, as on the master";
  if (!gone.empty()) gone_(gone);
  return {};
}

}  // namespace comet::broker
