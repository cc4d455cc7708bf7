#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broker/context.h"
#include "broker/slave/sync_item.h"
#include "remoting/wire/bodies/topic_config.h"

namespace comet::broker {

// Topics of the master. Those it has deleted go with their progress and their queues. One thread.
class TopicSync {
 public:
  explicit TopicSync(Context& context) : context_(context) {}
  Status Run(net::Client& master);

 private:
  StatusOr<std::optional<wire::TopicConfigTable>> Fetch(net::Client& master) const;
  Status Apply(wire::TopicConfigTable table);
  Status LearnEnds(net::Client& master);
  Status DeleteGone(std::int64_t log_end);

  Context& context_;
  bool followed_ = false;  // in this life; before, equal versions prove nothing
  // Whose queues are still there, or may come again: up to this end of the master's log, once it is
  // known, there are records of them.
  std::map<std::string, std::optional<std::int64_t>> gone_;
};

// Whether a slave can have that table. The message says which entry is wrong.
Status CheckTopics(const wire::TopicConfigTable& table);

}  // namespace comet::broker
