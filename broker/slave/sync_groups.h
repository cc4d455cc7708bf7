#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "broker/context.h"
#include "broker/slave/sync_item.h"
#include "remoting/wire/bodies/subscription_group.h"

namespace comet::broker {

// Subscription groups of the master, and the pulls it forbids. One thread.
class GroupSync {
 public:
  // Hears of groups that the master has no more.
  using Gone = std::function<void(const std::vector<std::string>& groups)>;

  GroupSync(Context& context, Gone gone) : context_(context), gone_(std::move(gone)) {}
  Status Run(net::Client& master);

 private:
  StatusOr<std::optional<wire::SubscriptionGroupTable>> Fetch(net::Client& master) const;
  Status Apply(wire::SubscriptionGroupTable table);

  Context& context_;
  const Gone gone_;
  bool followed_ = false;  // in this life; before, equal versions prove nothing
};

// Whether a slave can have that table. The message says which entry is wrong.
Status CheckGroups(const wire::SubscriptionGroupTable& table);

}  // namespace comet::broker
