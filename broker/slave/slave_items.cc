#include "broker/slave/slave_items.h"

#include <memory>
#include <string>

#include "broker/slave/master_log.h"
#include "broker/slave/sync_groups.h"
#include "broker/slave/sync_progress.h"
#include "broker/slave/sync_topics.h"

namespace comet::broker {

std::vector<SyncItem> SlaveItems(Context& context) {
  const auto topics = std::make_shared<TopicSync>(context);
  const auto offsets = std::make_shared<OffsetSync>(context);
  const auto delays = std::make_shared<DelaySync>(context);
  const auto groups = std::make_shared<GroupSync>(
      context, [offsets](const std::vector<std::string>& gone) { offsets->OnGroupsGone(gone); });
  std::vector<SyncItem> items;
  items.push_back({"topics", [topics](net::Client& master) {
                     return topics->Run(master);
                   }});
  items.push_back({"groups", [groups](net::Client& master) {
                     return groups->Run(master);
                   }});
  items.push_back({"consumer offsets",
                   [offsets](net::Client& master) { return offsets->Run(master); },
                   [offsets] {
                     offsets->Interrupted();
                   }});
  items.push_back({"progress of delay levels",
                   [delays](net::Client& master) { return delays->Run(master); },
                   [delays] {
                     delays->Interrupted();
                   }});
  items.push_back(context.master_log->Item());
  return items;
}

}  // namespace comet::broker
