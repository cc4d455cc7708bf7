#include "broker/member_notice.h"

#include "remoting/wire/requests/notify_consumers_changed.h"

namespace comet::broker {

void MemberNotice::Send(const ClientTable::GroupChange& change) {
  const auto group = groups_.Find(change.group);
  if (!config_.Get()->notify_consumers || (group != nullptr && !group->notify_changes)) return;
  for (const auto& member : change.members) {
    loops_.CallOneway<wire::NotifyConsumersChanged>(member, {change.group});
  }
}

}  // namespace comet::broker
