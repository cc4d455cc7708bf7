#include "broker/slave/offset_follower.h"

#include <utility>

#include "remoting/base/text.h"

namespace comet::broker {

Status OffsetFollower::Follow(const std::vector<OffsetChange>& told) {
  if (offsets_.places() > places_max_) {
    return {Status::Code::kFull,
            Concat("the offsets here take ", offsets_.places(), " places already")};
  }
  std::unordered_map<std::string, std::vector<Known>> now;
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
  for (const auto& [key, before] : known_) KeepUntold(key, before, &now[key]);
  std::erase_if(now, [](const auto& entry) { return entry.second.empty(); });
  known_ = std::move(now);
  interrupted_ = false;
  return {};
}

// What is not told of stays as it is here, and is known as long as it is here.
void OffsetFollower::KeepUntold(const std::string& key, const std::vector<Known>& before,
                                std::vector<Known>* now) const {
  const auto at = key.find('@');
  const auto topic = std::string_view(key).substr(0, at),
             group = std::string_view(key).substr(at + 1);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i].told == OffsetTable::kNone) continue;
    if (i < now->size() && (*now)[i].told != OffsetTable::kNone) continue;
    const auto own = offsets_.Query(group, topic, static_cast<std::int32_t>(i));
    const bool committed_here = own != before[i].left;
    if (own == OffsetTable::kNone || (interrupted_ && committed_here)) continue;
    if (now->size() <= i) now->resize(i + 1);
    (*now)[i] = {kNoMore, before[i].left};
  }
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
