#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/broker_config.h"
#include "broker/topic_table.h"
#include "remoting/base/clock.h"
#include "remoting/base/describe_config.h"
#include "remoting/base/executor.h"
#include "remoting/wire/record_reader.h"
#include "store/delay_table.h"
#include "store/meta/meta_store.h"
#include "store/reader.h"
#include "store/store.h"

namespace comet::broker {

// Brings delayed messages to their own queues when their time has come: reads the queue of each
// level, stores what is due anew, and remembers how far it got. Progress counts only what is
// on the disk, so after a crash some messages may come twice, and none is lost.
//
// A message that cannot be stored is no obstacle: one that never can be (damaged, for a queue that
// no topic can have) is reported and passed; while the store takes nothing, or the queue cannot be
// read, the level waits and tries again.
//
// That its topic is not in the table is no reason to pass a message: a broker that was a slave may
// not have heard of it before its master died. Like all that the log has of such a topic, it waits
// in its queue. If the topic was deleted, it is a leftover that cleanUnusedTopic removes.
//
// A message is due at the time of day that its queue entry says, or when it has waited for its
// level's delay, whichever comes first. Store times never fall, so after the clock was set back
// the entries' times are too late until the clock has caught up.
//
// One executor's thread, except where said.
class DelayStep {
 public:
  struct Parts {
    Clock& clock;
    Executor& executor;  // whose thread this is; answers of the store come back through it
    store::Store& store;
    const store::Reader& reader;
    const TopicTable& topics;
    const store::DelayTable& delays;
    store::meta::MetaStore& meta;
    const Live<BrokerConfig>& config;
    std::uint32_t place;         // bit under which arrivals in the queues are asked for
    std::function<void()> wake;  // makes somebody call Step soon
  };
  explicit DelayStep(Parts parts);
  ~DelayStep();

  Status Load();
  // Delivers what is due. Returns when to come again at the latest; nothing when only an arrival
  // can bring work.
  std::optional<Duration> Step();
  // Writes progress if it has changed.
  Status Persist();

  // Next offset of a level, as runtime information shows it. Any thread.
  std::int64_t progress(int level) const;

 private:
  struct Delivery {
    std::int64_t index;
    std::int64_t log_end = 0;  // behind its record; 0: not stored
    bool failed = false;
  };
  // Everything before `index` is stored in the log before `log_end`.
  struct Mark {
    std::int64_t index = 0, log_end = 0;
  };
  // The queue ended there at that time.
  struct Seen {
    std::int64_t end;
    MonoTime at;
  };
  struct Level {
    int number = 0;  // from 1
    store::QueueSlot* queue = nullptr;
    std::atomic<std::int64_t> done = 0;  // everything before it is on the disk
    Mark flushing;                       // becomes `done` when the log is flushed so far
    Mark stored;                         // the newest one
    std::int64_t next = 0;               // the first one not yet handed over
    std::deque<Seen> seen;               // of what is not yet handed over; oldest first
    std::deque<Delivery> under_way;
    MonoTime not_before{};  // after the store has refused, or could not be read
  };
  enum class Looked { kEntry, kEnd, kDamaged, kLater };
  enum class Handed { kYes, kPassed, kLater };

  std::optional<Duration> StepLevel(Level& level);
  Duration Later(Level& level);
  static Looked Look(const Level& level, std::int64_t index, store::QueueEntry* entry);
  std::optional<Duration> UntilDue(Level& level, const store::QueueEntry& entry) const;
  std::int64_t WaitedMs(Level& level, std::int64_t delay_ms) const;
  Handed Deliver(Level& level, std::int64_t index, const store::QueueEntry& entry);
  Handed Put(Level& level, std::int64_t index, const wire::RecordView& record);
  void OnStored(std::size_t level, std::int64_t index, std::int64_t log_end);
  static void Pass(Level& level);
  void Advance(Level& level);
  static std::optional<Duration> UntilSettled(const Level& level);
  void Retry(Level& level);
  Handed HandOverAgain(Level& level, std::int64_t index);

  const Parts parts_;
  std::deque<Level> levels_;
  store::meta::DelayOffsets written_;
  // Answers that come after the end find nobody.
  std::shared_ptr<DelayStep*> self_;
};

}  // namespace comet::broker
