#include "broker/slave/slave_items.h"

#include <memory>
#include <string>
#include <utility>

#include "broker/ha/ha_client.h"
#include "broker/slave/master_log.h"
#include "broker/slave/sync_groups.h"
#include "broker/slave/sync_progress.h"
#include "broker/slave/sync_topics.h"

namespace comet::broker {

namespace {

// The tables belong to the log: those of a master whose log this one is not a copy of, or not any
// more, would take away what only this broker has. They stay until it is known to copy.
SyncItem WhileItCopies(const Context& context, SyncItem item) {
  item.run = [&context, run = std::move(item.run)](net::Client& master) -> Status {
    if (context.ha_client->view().requests != master.address()) return {};
    return run(master);
  };
  return item;
}

}  // namespace

std::vector<SyncItem> SlaveItems(Context& context) {
  const auto topics = std::make_shared<TopicSync>(context);
  const auto offsets = std::make_shared<OffsetSync>(context);
  const auto delays = std::make_shared<DelaySync>(context);
  const auto groups = std::make_shared<GroupSync>(
      context, [offsets](const std::vector<std::string>& gone) { offsets->OnGroupsGone(gone); });
  std::vector<SyncItem> items;
  items.push_back(context.master_log->Item());  // first: it tells whether the master is there
  const auto add = [&](SyncItem item) {
    items.push_back(WhileItCopies(context, std::move(item)));
  };
  add({"topics", [topics](net::Client& master) {
         return topics->Run(master);
       }});
  add({"groups", [groups](net::Client& master) {
         return groups->Run(master);
       }});
  add({"consumer offsets", [offsets](net::Client& master) { return offsets->Run(master); },
       [offsets] {
         offsets->Interrupted();
       }});
  add({"progress of delay levels", [delays](net::Client& master) { return delays->Run(master); },
       [delays] {
         delays->Interrupted();
       }});
  return items;
}

}  // namespace comet::broker
