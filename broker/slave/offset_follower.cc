#include "broker/slave/offset_follower.h"

#include <utility>

#include "remoting/base/text.h"

namespace comet::broker {

Status OffsetFollower::Follow(const std::vector<OffsetChange>& told) {
  if (offsets_.places() > places_max_) {
    return {Status::Code::kFull,
            Concat("the offsets here take ", offsets_.places(), " places already")};
  }
  std::unordered_map<std::string, std::vector<Known>> now;  // what is not told of is forgotten
  for (const auto& one : told) {
    const auto key = Concat(one.topic, "@", one.group);
    const auto index = static_cast<std::size_t>(one.queue_id);
    auto& queues = now[key];
    if (queues.size() <= index) queues.resize(index + 1);
    const auto before = known_.find(key);
    Known& known = queues[index];
    if (before != known_.end() && before->second.size() > index) known = before->second[index];
    FollowOne(one, &known);
  }
  known_ = std::move(now);
  interrupted_ = false;
  return {};
}

void OffsetFollower::FollowOne(const OffsetChange& told, Known* known) {
  const auto own = offsets_.Query(told.group, told.topic, told.queue_id);
  const bool went_back = told.offset < known->told;
  const bool committed_here = own != known->left;
  if (went_back && !(interrupted_ && committed_here)) {
    offsets_.Commit(told.group, told.topic, told.queue_id, told.offset);
  } else if (told.offset > own) {
    offsets_.Raise(told.group, told.topic, told.queue_id, told.offset);
  }
  known->told = told.offset;
  known->left = offsets_.Query(told.group, told.topic, told.queue_id);
}

}  // namespace comet::broker
