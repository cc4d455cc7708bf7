#include "broker/topic_table.h"

#include <algorithm>
#include <set>
#include <utility>

#include "remoting/base/check.h"
#include "remoting/base/limits.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/names.h"

namespace comet::broker {
namespace {

namespace perm = wire::perm;

constexpr std::int64_t kDelayQueuesMin = 18;  // as RocketMQ's brokers have
constexpr std::int64_t kDelayQueuesMax = TopicTable::kQueuesPerTopicMax + 1;  // which is refused

wire::TopicConfig MakeConfig(std::string_view name, std::int32_t queues, std::int32_t permission) {
  wire::TopicConfig config;
  config.name = name;
  config.read_queues = queues;
  config.write_queues = queues;
  config.perm = permission;
  return config;
}

// A queue for each level; one that an operator or a former start has made stays.
wire::TopicConfig DelayTopic(const Topic* known, std::int64_t levels) {
  const auto queues =
      static_cast<std::int32_t>(std::clamp(levels, kDelayQueuesMin, kDelayQueuesMax));
  if (known == nullptr) return MakeConfig(wire::kScheduleTopic, queues, perm::kReadWrite);
  auto config = known->config();
  config.read_queues = std::max(config.read_queues, queues);
  config.write_queues = std::max(config.write_queues, queues);
  return config;
}

std::string PermText(std::int32_t bits) {
  std::string text;
  text += perm::IsReadable(bits) ? 'R' : '-';
  text += perm::IsWritable(bits) ? 'W' : '-';
  text += perm::IsInherited(bits) ? 'X' : '-';
  return text;
}

Status TooMany() {
  return {Status::Code::kFull, Concat("the broker has ", limits::kTopicsMax, " topics already")};
}

}  // namespace

Topic::Topic(wire::TopicConfig config)
    : config_(std::move(config)),
      queues_(std::max({config_.read_queues, config_.write_queues, 0})),
      slots_(
          std::make_unique<std::atomic<store::QueueSlot*>[]>(static_cast<std::size_t>(queues_))) {}

store::QueueSlot& Topic::Slot(store::QueueTable& table, std::int32_t id) const {
  COMET_CHECK(id >= 0 && id < queues_);
  auto& place = slots_[static_cast<std::size_t>(id)];
  auto* slot = place.load(std::memory_order_acquire);
  if (slot == nullptr) {
    slot = table.FindOrCreate(config_.name, id);
    place.store(slot, std::memory_order_release);
  }
  return *slot;
}

std::string Topic::Describe() const {
  return Concat("TopicConfig [topicName=", config_.name, ", readQueueNums=", config_.read_queues,
                ", writeQueueNums=", config_.write_queues, ", perm=", PermText(config_.perm),
                ", topicFilterType=", EnumName(config_.filter_type),
                ", topicSysFlag=", config_.sys_flag, ", order=", config_.order, ", attributes={}]");
}

Status TopicTable::Load() {
  COMET_ASSIGN(auto topics, meta_.Topics());
  COMET_ASSIGN(auto version, meta_.Version(store::meta::Table::kTopics));
  MutexLock lock(mutex_);
  version_ = version;
  Show(std::move(topics));
  return {};
}

std::vector<TopicTable::TopicPtr> TopicTable::All() const {
  auto all = map_.All();
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a->name() < b->name(); });
  return all;
}

wire::DataVersion TopicTable::version() const {
  MutexLock lock(mutex_);
  return version_;
}

wire::DataVersion TopicTable::NextVersion() const {
  auto next = version_;
  next.timestamp_ms = clock_.WallNow();
  ++next.counter;
  return next;
}

void TopicTable::Show(std::vector<wire::TopicConfig> configs) {
  std::vector<std::pair<std::string, TopicPtr>> topics;
  topics.reserve(configs.size());
  for (auto& config : configs) {
    auto name = config.name;
    topics.emplace_back(std::move(name), std::make_shared<const Topic>(std::move(config)));
  }
  map_.PutAll(std::move(topics));
}

Status TopicTable::CheckMaster(std::string_view name) const {
  if (role_ != BrokerRole::kSlave) return {};
  return {Status::Code::kNotFound, Concat("topic ", name, ": topics of a slave are its master's")};
}

Status TopicTable::Store(std::vector<wire::TopicConfig> configs) {
  const auto next = NextVersion();
  COMET_TRY(meta_.PutTopics(configs, next));
  version_ = next;
  Show(configs);
  if (listener_) listener_(std::move(configs));
  return {};
}

Status TopicTable::Put(wire::TopicConfig config) {
  std::vector<wire::TopicConfig> one;
  one.push_back(std::move(config));
  return PutAll(std::move(one));
}

Status TopicTable::PutAll(std::vector<wire::TopicConfig> configs) {
  for (const auto& config : configs) {
    COMET_TRY(CheckMaster(config.name));
    if (std::max(config.read_queues, config.write_queues) > kQueuesPerTopicMax) {
      return {Status::Code::kInvalid,
              Concat("topic ", config.name, ": more than ", kQueuesPerTopicMax, " queues")};
    }
  }
  MutexLock lock(mutex_);
  std::size_t created = 0;
  std::erase_if(configs, [&](const auto& config) {
    const auto known = map_.Find(config.name);
    if (known == nullptr) ++created;
    return known != nullptr && known->config() == config;
  });
  if (configs.empty()) return {};
  if (map_.size() + created > limits::kTopicsMax) return TooMany();
  return Store(std::move(configs));
}

Status TopicTable::Remove(std::string_view name) {
  COMET_TRY(CheckMaster(name));
  MutexLock lock(mutex_);
  if (map_.Find(name) == nullptr) return {};
  const auto next = NextVersion();
  const std::string names[] = {std::string(name)};
  COMET_TRY(meta_.DeleteTopics(names, next));
  version_ = next;
  map_.Erase(name);
  if (listener_) listener_({});
  return {};
}

StatusOr<TopicTable::TopicPtr> TopicTable::CreateForSend(std::string_view name,
                                                         std::string_view from, std::int32_t queues,
                                                         std::int32_t sys_flag) {
  MutexLock lock(mutex_);
  if (auto known = map_.Find(name)) return known;
  const auto model = map_.Find(from);
  if (model == nullptr || !perm::IsInherited(model->config().perm)) {
    return Status(Status::Code::kNotFound, Concat("no template ", from, " for topic ", name));
  }
  if (map_.size() >= limits::kTopicsMax) return TooMany();
  const auto count = std::max(std::min(queues, model->config().write_queues), 0);
  auto config = MakeConfig(name, count, model->config().perm & ~perm::kInherit);
  config.filter_type = model->config().filter_type;
  config.sys_flag = sys_flag;
  COMET_TRY(Store({config}));
  LOG_INFO << "topic " << name << " created by a send: " << count << " queues like " << from;
  return map_.Find(name);
}

StatusOr<TopicTable::TopicPtr> TopicTable::CreateIfMissing(std::string_view name,
                                                           std::int32_t queues,
                                                           std::int32_t sys_flag, bool order) {
  if (auto known = map_.Find(name)) return known;
  COMET_TRY(CheckMaster(name));
  MutexLock lock(mutex_);
  if (auto known = map_.Find(name)) return known;
  if (map_.size() >= limits::kTopicsMax) return TooMany();
  auto config = MakeConfig(name, queues, perm::kReadWrite);
  config.sys_flag = sys_flag;
  config.order = order;
  COMET_TRY(Store({config}));
  return map_.Find(name);
}

StatusOr<std::vector<std::string>> TopicTable::Follow(std::vector<wire::TopicConfig> configs,
                                                      const wire::DataVersion& version) {
  MutexLock lock(mutex_);
  std::set<std::string> gone;
  for (const auto& topic : map_.All()) gone.insert(topic->name());
  for (const auto& config : configs) gone.erase(config.name);
  std::erase_if(configs, [&](const auto& config) {
    const auto known = map_.Find(config.name);
    return known != nullptr && known->config() == config;
  });
  std::vector<std::string> removed(gone.begin(), gone.end());
  if (configs.empty() && removed.empty() && version == version_) return removed;
  // The version comes with the last write: a crash in between is no agreement.
  COMET_TRY(meta_.PutTopics(configs, removed.empty() ? version : version_));
  if (!removed.empty()) COMET_TRY(meta_.DeleteTopics(removed, version));
  version_ = version;
  Show(configs);
  for (const auto& name : removed) map_.Erase(name);
  if (listener_ && !removed.empty()) listener_({});
  if (listener_ && removed.empty() && !configs.empty()) listener_(std::move(configs));
  return removed;
}

Status TopicTable::Touch() {
  MutexLock lock(mutex_);
  if (role_ != BrokerRole::kSlave) {
    const auto next = NextVersion();
    COMET_TRY(meta_.PutTopics({}, next));
    version_ = next;
  }
  if (listener_) listener_({});
  return {};
}

Status TopicTable::CreateSystemTopics(const BrokerConfig& broker, std::int64_t delay_levels) {
  constexpr std::int32_t kReadWrite = perm::kReadWrite;
  constexpr std::int32_t kTemplate = perm::kReadWrite | perm::kInherit;
  std::vector<wire::TopicConfig> wanted;
  const auto want = [&](std::string_view name, std::int32_t queues, std::int32_t permission) {
    wanted.push_back(MakeConfig(name, queues, permission));
  };
  want(wire::kSelfTestTopic, 1, kReadWrite);
  if (broker.auto_create_topic)
    want(wire::kAutoCreateTopic, broker.default_topic_queues, kTemplate);
  want(wire::kBenchmarkTopic, 1024, kReadWrite);
  want(broker.cluster, 16, broker.cluster_topic ? kTemplate : perm::kInherit);
  want(broker.name, 1, broker.broker_topic ? kTemplate : perm::kInherit);
  want(wire::kOffsetMovedTopic, 1, kReadWrite);
  wanted.push_back(DelayTopic(Find(wire::kScheduleTopic).get(), delay_levels));
  if (broker.trace_topic) want(broker.trace_topic_name, 1, kReadWrite);
  want(broker.cluster + std::string(wire::kReplyTopicPostfix), 1, kReadWrite);
  want("rmq_sys_REVIVE_LOG_" + broker.cluster, broker.revive_queues, kReadWrite);
  want("rmq_sys_SYNC_BROKER_MEMBER_" + broker.name, 1, perm::kInherit);
  want(wire::kHalfTopic, 1, kReadWrite);
  want(wire::kOpHalfTopic, 1, kReadWrite);
  want(wire::kTimerTopic, 1, kReadWrite);
  // What an operator has changed since stays; only the template follows its setting, and the delay
  // topic grows.
  std::erase_if(wanted, [&](const auto& config) {
    return config.name != wire::kAutoCreateTopic && config.name != wire::kScheduleTopic &&
           Find(config.name) != nullptr;
  });
  return PutAll(std::move(wanted));
}

}  // namespace comet::broker
