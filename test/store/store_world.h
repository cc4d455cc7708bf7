#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "remoting/base/clock.h"
#include "store/store.h"
#include "test/sim/sim_disk.h"
#include "test/sim/sim_executor.h"

namespace comet::store {

// Keeps every answer.
class RecordedAcks : public AckSink {
 public:
  void OnAcks(std::uint32_t loop, std::vector<Ack> acks) override {
    for (const Ack& ack : acks) {
      EXPECT_EQ(ack.ticket.loop, loop);
      EXPECT_TRUE(by_slot.emplace(ack.ticket.slot, ack).second) << "answered twice";
    }
  }
  std::map<std::uint32_t, Ack> by_slot;
};

class IgnoredArrivals : public ArrivalSink {
 public:
  void OnArrivals(std::span<const Arrival>) override {}
};

// A store on a disk that can be broken, stepped by hand; and what was sent to it.
class StoreWorld {
 public:
  struct Sent {
    std::string topic, body, key;
    std::int32_t queue_id = 0;
    std::uint32_t slot = 0;  // of the ack
    std::int64_t place = 0;  // in its batch
  };

  explicit StoreWorld(FlushDiskType flush = FlushDiskType::kSync, std::uint64_t seed = 1);

  Status Open();
  void Drop();          // the process is gone; nothing is written any more
  void CrashAndOpen();  // power cut, then a start that must succeed
  Status Close();       // orderly

  // Stages and submits one message with a body that is used once; returns its number. To the delay
  // topic: at the level of the queue.
  std::size_t Send(const std::string& topic, std::int32_t queue_id, std::size_t body_bytes = 20);
  std::vector<std::size_t> SendMany(const std::string& topic, std::int32_t queue_id, int count,
                                    std::size_t body_bytes = 20);  // as one batch
  void Pump();  // until nobody has anything to do
  void Tick();  // 1.1 s later: what happens by the clock; then Pump

  const Ack* AckOf(std::size_t number) const;
  bool Acked(std::size_t number) const;  // ok: durable when the store flushes synchronously

  // A consumer reads all queues, and remembers.
  void See();
  // What must hold after every start, whatever happened before.
  void CheckEverything();

  // Bodies of a queue from its begin on; "?" for a message that cannot be read.
  std::vector<std::string> Bodies(const std::string& topic, std::int32_t queue_id);

  StoreConfig config;
  std::optional<AckPolicy> policy;  // of sends; else what the flush type asks for
  ManualClock clock;
  sim::SimDisk disk;
  sim::SimExecutor worker{clock};
  RecordedAcks acks;
  IgnoredArrivals arrivals;
  std::unique_ptr<Store> store;
  std::unique_ptr<Stager> stager;
  std::vector<Sent> sent;
  bool unwritten = false;  // a start has found that last writes did not reach the device

 private:
  void CheckLog();
  using Records = std::map<std::int64_t, QueueEntry>;  // of a queue, by queue offset
  void CheckQueues();
  void CheckQueue(const QueueSlot& slot, const Records& records);
  void CheckAcked();
  void CheckAcked(std::size_t number, const Ack& ack);
  void CheckSeen();
  void CheckKeys();
  void CheckFound(const Sent& wanted, std::int64_t log_offset);

  using Offsets = std::map<std::int64_t, std::string>;  // queue offset -> body
  Offsets BodiesByOffset(const std::string& topic, std::int32_t queue_id);

  std::map<std::pair<std::string, std::int32_t>, Offsets> seen_;
  std::map<std::int64_t, std::size_t> in_log_;  // log offset -> number
  std::int64_t deleted_to_ = 0;                 // the log's begin, as retention has left it
};

}  // namespace comet::store
