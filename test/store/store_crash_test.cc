// For every write and every sync of a workload: fail it, tear it, or stop the machine there; then
// start again and see that nothing that was promised is gone and nothing that never was is there.

#include <chrono>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "store/delay_table.h"
#include "test/store/store_world.h"

namespace comet::store {
namespace {

using sim::Fault;

constexpr std::string_view kEveryHour =
    "0;1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23";

// Sends over several log files, a batch, delayed messages, checkpoints, an orderly stop, a start,
// more sends; deletion of what has expired, in log, queues and index; sends again. Ends early when
// the store cannot be opened.
void Workload(StoreWorld& world) {
  world.config.queue_file_bytes = 100;
  world.config.index_entries = 10;
  world.config.delete_when = kEveryHour;
  const std::string delayed(kDelayTopic);
  if (!world.Open().ok()) return;
  for (int i = 0; i < 4; ++i) {
    world.Send("A", i % 2);
    world.Send("B", 0, 700);
    if (i % 2 == 1) world.Pump();
  }
  world.Send(delayed, 0);
  world.Tick();
  world.SendMany("A", 0, 3, 200);
  world.Pump();
  world.See();
  for (int i = 0; i < 5; ++i) world.Send("B", i % 2, 300);
  world.Tick();
  world.Send("A", 1);
  world.See();
  const Status closed = world.Close();
  if (world.disk.crashed() || !world.Open().ok()) return;
  for (int i = 0; i < 4; ++i) {
    world.Send("A", i % 2, 400);
    world.Pump();
  }
  world.Tick();
  world.See();
  world.clock.Advance(std::chrono::hours(73));
  world.Tick();
  world.Send(delayed, 1);
  world.SendMany("B", 1, 2, 300);
  world.Tick();
  world.See();
}

void RunWith(FlushDiskType flush, Fault fault, std::uint64_t seed) {
  SCOPED_TRACE(Concat(fault.op == Fault::Op::kWrite ? "write " : "sync ", fault.number, " kind ",
                      static_cast<int>(fault.kind), " seed ", seed));
  StoreWorld world(flush, seed);
  world.disk.Inject(fault);
  Workload(world);
  // Twice: what recovery itself left behind must survive a crash too.
  for (int round = 0; round < 2; ++round) {
    world.CrashAndOpen();
    if (testing::Test::HasFatalFailure()) return;
    world.CheckEverything();
    if (testing::Test::HasFailure()) return;
    const auto number = world.Send("A", 0);
    world.Send("B", 1, 500);
    world.Pump();
    EXPECT_TRUE(world.Acked(number));
    world.Tick();
    world.See();
  }
  world.CheckEverything();
}

// What survives a power cut is drawn by the seed: a few each time, many with COMET_CRASH_SEEDS.
std::uint64_t Seeds() {
  const char* const wish = std::getenv("COMET_CRASH_SEEDS");
  return wish == nullptr ? 4 : ParseNumber<std::uint64_t>(wish).value_or(4);
}

struct Case {
  FlushDiskType flush;
  Fault::Op op;
  Fault::Kind kind;
};

class EveryOperation : public testing::TestWithParam<Case> {};

TEST_P(EveryOperation, LeavesAStoreThatKeepsItsPromises) {
  const auto [flush, op, kind] = GetParam();
  StoreWorld calm(flush);
  calm.disk.ClearFault();
  Workload(calm);
  const std::int64_t count = (op == Fault::Op::kWrite ? calm.disk.writes() : calm.disk.syncs());
  ASSERT_GT(count, 20);
  EXPECT_GT(calm.store->log().begin(), 0);
  EXPECT_GT(calm.store->queues().Find("A", 0)->queue().begin(), 0);
  for (std::int64_t number = 1; number <= count; ++number) {
    for (std::uint64_t seed = 1; seed <= Seeds(); ++seed) {
      RunWith(flush, {op, number, kind}, seed);
      if (HasFailure()) return;
    }
  }
}

std::vector<Case> AllCases() {
  std::vector<Case> cases;
  for (const auto flush : {FlushDiskType::kSync, FlushDiskType::kAsync}) {
    for (const auto kind :
         {Fault::Kind::kFail, Fault::Kind::kFull, Fault::Kind::kTear, Fault::Kind::kCrashBefore,
          Fault::Kind::kCrashTorn, Fault::Kind::kCrashAfter}) {
      cases.push_back({flush, Fault::Op::kWrite, kind});
    }
    for (const auto kind :
         {Fault::Kind::kFail, Fault::Kind::kCrashBefore, Fault::Kind::kCrashAfter}) {
      cases.push_back({flush, Fault::Op::kSync, kind});
    }
  }
  return cases;
}

std::string NameOf(const testing::TestParamInfo<Case>& info) {
  const char* const kinds[] = {"Fails", "IsFull", "Tears", "Stops", "StopsTorn", "StopsAfter"};
  return Concat(info.param.flush == FlushDiskType::kSync ? "Sync" : "Async", "Flush",
                info.param.op == Fault::Op::kWrite ? "Write" : "Sync",
                kinds[static_cast<int>(info.param.kind)]);
}

INSTANTIATE_TEST_SUITE_P(StoreCrash, EveryOperation, testing::ValuesIn(AllCases()), NameOf);

}  // namespace
}  // namespace comet::store
