#pragma once

#include <comet/message.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cluster_load.h"
#include "cluster_reader.h"
#include "ledger.h"
#include "offset_watch.h"
#include "server_cluster.h"

namespace comet {

class LogOnDisk;

// What must be so, whatever happened: the promises to producers and consumers, and between a
// master and its slave. Fails the test when one is broken. One thread, on the test's host.
class ClusterChecker {
 public:
  struct Parts {
    ServerCluster& cluster;
    ClusterLoad& load;
    ClusterReader& reader;
    Ledger& ledger;
    OffsetWatch& offsets;
    std::vector<Queue> queues;
    bool sync;  // masters answer SEND_OK when their slave has the message
  };
  explicit ClusterChecker(Parts parts) : parts_(std::move(parts)) {}

  // At any time, while one of them is dead as well:
  void SlaveIsPrefixOfMaster(std::size_t group);
  void SlaveHasWhatWasAcknowledged(std::size_t group);
  // The master has just died. What the slave has reaches the reader all the same.
  void NoteUnread(std::size_t group);
  void ReaderGoesOnFromSlave(std::size_t group);

  // The master's disk is lost, its slave is to take over: from now on what the slave has is all
  // there is. What the slave must have had is checked first.
  void MasterDiskIsLost(std::size_t group);

  // Every fault is over: within a minute sends are acknowledged again, master and slave have the
  // same log with everything in it, and the reader has got it and committed. Leaves the load on.
  void Settle();

  // Messages that the reader got while their broker had no master.
  std::size_t read_from_slave() const { return read_from_slave_; }

 private:
  void AwaitSendOk();
  void SettleGroup(std::size_t group);
  void CheckOrder(const LogOnDisk& log, std::size_t group);
  void CheckStored(const LogOnDisk& log, const std::vector<Ledger::Told>& told,
                   const std::string& where);
  void CheckRead(std::size_t group);
  void CheckCommitted();
  bool MayBeSkipped(const Ledger::Told& told) const;

  const Parts parts_;
  std::vector<Ledger::Told> unread_;  // when the master died
  std::size_t read_from_slave_ = 0;
  std::map<Queue, std::int64_t> ends_;  // of the queues, when the group was settled last
  // Offsets that were given twice, to a message that is lost, perhaps after it was read, and to
  // another one, which the reader may therefore skip.
  std::map<Queue, std::vector<std::pair<std::int64_t, std::int64_t>>> given_twice_;
};

}  // namespace comet
