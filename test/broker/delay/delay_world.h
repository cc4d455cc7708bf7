#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/broker_config.h"
#include "broker/delay/delay_step.h"
#include "broker/topic_table.h"
#include "remoting/base/clock.h"
#include "remoting/base/describe_config.h"
#include "store/meta/meta_store.h"
#include "store/store.h"
#include "test/base/temp_directory.h"
#include "test/sim/sim_disk.h"
#include "test/sim/sim_executor.h"
#include "test/store/faulty_file_system.h"
#include "test/store/store_world.h"

namespace comet::broker {

// A clock whose time of day somebody may set back.
class SetBackClock : public ManualClock {
 public:
  WallMs WallNow() const override { return ManualClock::WallNow() - back_ms_; }
  void SetBack(WallMs by_ms) { back_ms_ += by_ms; }

 private:
  WallMs back_ms_ = 0;
};

// Delayed delivery over a store on a disk that can be broken, stepped by hand. Topic "orders" has
// four queues. What a broker knows besides messages is on a real disk and survives everything.
class DelayWorld {
 public:
  explicit DelayWorld(store::FlushDiskType flush = store::FlushDiskType::kAsync,
                      std::uint64_t seed = 1);
  ~DelayWorld() { Drop(); }

  void Open();          // must succeed
  void CrashAndOpen();  // power cut, then a start

  // Stores a message that waits in the queue of a level, for a queue of a topic.
  void Delay(int level, const std::string& body, const std::string& queue_id = "0",
             const std::string& topic = "orders");
  // Stores a message in queue 0 of "orders".
  void Put(const std::string& body);
  // Lets `ms` pass, steps delivery and lets the store do its work.
  void Pass(std::int64_t ms);
  // Lets `ms` pass; delivery is stepped as a broker would.
  void Live(std::int64_t ms);
  void Pump();     // until nobody has anything to do; asks for no flush
  void Flush();    // of the log
  void Persist();  // progress; must succeed
  // Remembered for a level; 0 when nothing is.
  std::int64_t Remembered(int level);
  // Bodies of a queue from its begin on.
  std::vector<std::string> Delivered(std::int32_t queue_id = 0,
                                     const std::string& topic = "orders");

  SetBackClock clock;
  sim::SimDisk disk;
  store::FaultyFileSystem fs{disk};
  sim::SimExecutor worker{clock}, executor{clock};
  store::StoreConfig config;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::meta::MetaStore> meta;
  std::unique_ptr<TopicTable> topics;
  std::unique_ptr<DelayStep> step;
  std::optional<Duration> next;  // what the last step said

 private:
  void Drop();
  void Append(const std::string& topic, std::int32_t queue_id, const std::string& body,
              const std::string& properties);

  TempDirectory directory_;
  store::RecordedAcks acks_;
  store::IgnoredArrivals arrivals_;
  comet::Live<BrokerConfig> live_{BrokerConfig()};
  std::optional<store::DelayTable> levels_;
};

}  // namespace comet::broker
