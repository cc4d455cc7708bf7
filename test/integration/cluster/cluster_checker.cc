#include "cluster_checker.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <gtest/gtest.h>

#include "log_on_disk.h"
#include "remoting/base/text.h"
#include "test/integration/eventually.h"

namespace comet {
namespace {

using namespace std::chrono_literals;

constexpr Duration kSettled = 60s;
constexpr Duration kReadOn = 30s;  // the reader has gone over to a slave

// Everything a log has of the load, by place.
std::map<std::pair<std::int32_t, std::int64_t>, std::string_view> BodiesIn(const LogOnDisk& log,
                                                                           std::string_view topic) {
  std::map<std::pair<std::int32_t, std::int64_t>, std::string_view> bodies;
  for (const auto& record : log.records()) {
    if (record.topic == topic) bodies[{record.queue, record.queue_offset}] = record.body;
  }
  return bodies;
}

std::string Examples(const std::vector<Ledger::Told>& told) {
  std::string text = Concat(told.size(), " messages, the first is ");
  const auto& first = told.front();
  return text + Concat(first.name.ToString(), " at ", first.queue.to_string(), " offset ",
                       first.offset, first.send_ok ? " with SEND_OK" : " without SEND_OK");
}

}  // namespace

void ClusterChecker::SlaveIsPrefixOfMaster(std::size_t group) {
  const LogOnDisk slave(parts_.cluster.slave(group).store);  // first: the master is never behind
  const LogOnDisk master(parts_.cluster.master(group).store);
  EXPECT_EQ(slave.DifferenceIn(master), "") << "the slave of " << ServerCluster::NameOf(group);
}

void ClusterChecker::SlaveHasWhatWasAcknowledged(std::size_t group) {
  auto told = parts_.ledger.Of(ServerCluster::NameOf(group));
  std::erase_if(told, [](const Ledger::Told& one) { return !one.send_ok; });
  CheckStored(LogOnDisk(parts_.cluster.slave(group).store), told, "the slave's log");
}

void ClusterChecker::CheckStored(const LogOnDisk& log, const std::vector<Ledger::Told>& told,
                                 const std::string& where) {
  if (told.empty()) return;
  const auto bodies = BodiesIn(log, told.front().queue.topic);
  std::vector<Ledger::Told> missing;
  for (const Ledger::Told& one : told) {
    const auto found = bodies.find({one.queue.id, one.offset});
    if (found == bodies.end() || found->second != BodyOf(one.name)) missing.push_back(one);
  }
  EXPECT_TRUE(missing.empty()) << "not in " << where << ", which ends at " << log.end() << ": "
                               << Examples(missing);
}

// Queue offsets are given without a hole, in the log's order.
void ClusterChecker::CheckOrder(const LogOnDisk& log, std::size_t group) {
  std::map<std::pair<std::string_view, std::int32_t>, std::int64_t> next;
  for (const auto& record : log.records()) {
    std::int64_t& wanted = next[{record.topic, record.queue}];
    ASSERT_EQ(record.queue_offset, wanted)
        << record.topic << " queue " << record.queue << " of " << ServerCluster::NameOf(group)
        << " at log offset " << record.log_offset;
    ++wanted;
  }
  for (const Queue& queue : parts_.queues) {
    if (queue.broker == ServerCluster::NameOf(group)) ends_[queue] = next[{queue.topic, queue.id}];
  }
}

void ClusterChecker::NoteUnread(std::size_t group) {
  unread_ = parts_.reader.Await(parts_.ledger.Of(ServerCluster::NameOf(group)), {});
}

void ClusterChecker::ReaderGoesOnFromSlave(std::size_t group) {
  const LogOnDisk slave(parts_.cluster.slave(group).store);
  const auto bodies = BodiesIn(slave, parts_.queues.front().topic);
  const auto not_there = [&](const Ledger::Told& one) {
    return bodies.count({one.queue.id, one.offset}) == 0 || MayBeSkipped(one);
  };
  auto told = parts_.ledger.Of(ServerCluster::NameOf(group));
  std::erase_if(told, not_there);
  const auto missing = parts_.reader.Await(told, kReadOn);
  EXPECT_TRUE(missing.empty()) << "the slave has, and the reader did not get while "
                               << ServerCluster::NameOf(group)
                               << " had no master: " << Examples(missing);
  std::erase_if(unread_, not_there);
  read_from_slave_ += unread_.size();
}

void ClusterChecker::MasterDiskIsLost(std::size_t group) {
  const std::string name = ServerCluster::NameOf(group);
  if (parts_.sync) SlaveHasWhatWasAcknowledged(group);
  const LogOnDisk slave(parts_.cluster.slave(group).store);
  const auto bodies = BodiesIn(slave, parts_.queues.front().topic);
  parts_.ledger.Forget(name, [&](const Ledger::Told& one) {
    const auto found = bodies.find({one.queue.id, one.offset});
    return found == bodies.end() || found->second != BodyOf(one.name);
  });
  for (const Queue& queue : parts_.queues) {
    if (queue.broker != name) continue;
    std::int64_t kept = 0;
    for (const auto& [place, body] : bodies) {
      if (place.first == queue.id) kept = std::max(kept, place.second + 1);
    }
    given_twice_[queue].emplace_back(kept, parts_.reader.NextOf(queue));
    parts_.reader.Forget(queue, kept);
  }
}

bool ClusterChecker::MayBeSkipped(const Ledger::Told& told) const {
  const auto found = given_twice_.find(told.queue);
  if (found == given_twice_.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](const auto& range) {
    return range.first <= told.offset && told.offset < range.second;
  });
}

void ClusterChecker::AwaitSendOk() {
  for (std::size_t group = 0; group < ServerCluster::kGroups; ++group) {
    const std::string trouble = parts_.load.AwaitSendOk(ServerCluster::NameOf(group), kSettled);
    ASSERT_EQ(trouble, "") << "no SEND_OK for a minute";
  }
}

void ClusterChecker::Settle() {
  ASSERT_NO_FATAL_FAILURE(AwaitSendOk());
  parts_.load.Pause();
  for (std::size_t group = 0; group < ServerCluster::kGroups; ++group) SettleGroup(group);
  CheckCommitted();
  parts_.load.Resume();
}

void ClusterChecker::SettleGroup(std::size_t group) {
  const std::string name = ServerCluster::NameOf(group);
  const LogOnDisk master(parts_.cluster.master(group).store);
  std::int64_t copied = 0;
  const bool caught_up = Eventually(kSettled, [&] {
    copied = LogOnDisk(parts_.cluster.slave(group).store, copied).end();
    return copied >= master.end();
  });
  const LogOnDisk slave(parts_.cluster.slave(group).store);
  ASSERT_TRUE(caught_up) << "the slave of " << name << " is at " << slave.end() << " of "
                         << master.end();
  SlaveIsPrefixOfMaster(group);
  EXPECT_EQ(slave.begin(), master.begin()) << "the slave of " << name << " lacks old files";
  CheckStored(master, parts_.ledger.Of(name), Concat("the log of ", name));
  CheckOrder(master, group);
  CheckRead(group);
}

void ClusterChecker::CheckRead(std::size_t group) {
  auto told = parts_.ledger.Of(ServerCluster::NameOf(group));
  std::erase_if(told, [&](const Ledger::Told& one) { return MayBeSkipped(one); });
  const auto missing = parts_.reader.Await(told, kSettled);
  EXPECT_TRUE(missing.empty()) << "never read: " << Examples(missing);
}

void ClusterChecker::CheckCommitted() {
  for (const Queue& queue : parts_.queues) {
    std::string trouble;
    const bool same = Eventually(kSettled, [&] {
      trouble = parts_.offsets.AllAre(queue, ends_[queue]);
      return trouble.empty();
    });
    ASSERT_TRUE(same) << trouble;
  }
  parts_.offsets.Settled();
}

}  // namespace comet
