#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broker/context.h"
#include "broker/slave/offset_follower.h"
#include "remoting/base/status_or.h"
#include "remoting/net/client.h"
#include "remoting/wire/bodies/offset_tables.h"

namespace comet::broker {

// Consumer offsets of the master. One thread.
class OffsetSync {
 public:
  explicit OffsetSync(Context& context) : context_(context), follower_(context.offsets) {}
  Status Run(net::Client& master);
  void Interrupted() { follower_.Interrupted(); }
  // The master has deleted these; their offsets go when it has none of them any more.
  void OnGroupsGone(const std::vector<std::string>& groups);

 private:
  Status ForgetGone(const std::vector<OffsetChange>& told);

  Context& context_;
  OffsetFollower follower_;
  std::set<std::string> gone_;
};

// Progress of the delay levels: kept, and used by the next start as a master. What the master says
// it has delivered is believed once the deliveries are on this broker's device: else a start as a
// master would leave out messages whose delivery was never copied. One thread.
class DelaySync {
 public:
  explicit DelaySync(Context& context) : context_(context) {}
  Status Run(net::Client& master);
  void Interrupted() { held_.reset(); }

 private:
  struct Held {
    wire::DelayOffsetTable table;
    std::int64_t log_end;  // the master's, asked behind the table
  };
  StatusOr<bool> IsKnown(const wire::DelayOffsetTable& table) const;
  Status Apply(const wire::DelayOffsetTable& table);

  Context& context_;
  std::optional<Held> held_;
};

// The offsets of an answer, checked. Those below 0, which say nothing, are left out.
StatusOr<std::vector<OffsetChange>> OffsetsOf(const wire::ConsumerOffsetTable& table);
Status CheckDelays(const wire::DelayOffsetTable& table);

}  // namespace comet::broker
