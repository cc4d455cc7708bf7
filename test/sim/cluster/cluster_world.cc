#include "test/sim/cluster/cluster_world.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "remoting/base/text.h"
#include "store/replication/log_tail.h"
#include "store/upkeep.h"

namespace comet::sim {
namespace {

using store::AppendOutcome;
using store::FlushDiskType;
using store::StoreWorld;

constexpr int kSteps = 400;
constexpr int kQuietRounds = 3000;
constexpr std::uint64_t kLargeDisk = std::uint64_t{1} << 40;

}  // namespace

ClusterWorld::ClusterWorld(std::uint64_t seed)
    : seed_(seed), random_(seed), flush_(chance(3) ? FlushDiskType::kAsync : FlushDiskType::kSync) {
  constexpr std::array<std::int64_t, 5> kBatches = {40, 333, 1000, 4096, 32768};
  link_options_.batch_bytes = kBatches[random_.Below(kBatches.size())];
  link_options_.delay_ms_max = random_.Below(6);
  link_options_.ack_flushed = !chance(4);
  replicas_ = static_cast<std::uint8_t>(random_.Below(3));
  for (int node = 0; node < kNodes; ++node) MakeNode(node);
  for (int link = 0; link < kLinks; ++link) MakeLink(link);
}

std::string ClusterWorld::Story() const {
  std::string text = Concat(
      "seed ", seed_, flush_ == FlushDiskType::kSync ? " SYNC" : " ASYNC", "_FLUSH, frames of ",
      link_options_.batch_bytes, " bytes, delay ", link_options_.delay_ms_max, " ms, acks ",
      link_options_.ack_flushed ? "flushed" : "written", ", up to ", replicas_, " replicas");
  for (const std::string& what : story_) text += "\n  " + what;
  return text;
}

void ClusterWorld::MakeNode(int node) {
  At(node).world = std::make_unique<StoreWorld>(flush_, random_());
  if (node > 0) World(node).clock.Advance(World(0).clock.Now().time_since_epoch());
  World(node).config.replica = node > 0;
  const Status opened = World(node).Open();
  ASSERT_TRUE(opened.ok()) << opened.ToString();
  At(node).up = true;
  World(node).store->follower().FlushAtOnce(link_options_.ack_flushed);
}

void ClusterWorld::MakeLink(int link) {
  To(link).link =
      std::make_unique<SimLink>(World(0), World(link + 1), link + 1, link_options_, random_);
}

void ClusterWorld::Run() {
  for (int i = 0; i < kSteps && !testing::Test::HasFailure(); ++i) Step();
  if (testing::Test::HasFailure()) return;
  Heal();
  if (testing::Test::HasFailure()) return;
  Settle();
}

bool ClusterWorld::Broken(int node) {
  return World(node).disk.crashed() || World(node).store->gate().poisoned();
}

void ClusterWorld::Step() {
  switch (random_.Below(16)) {
    case 0:
    case 1:
      if (Up(0)) Send();
      break;
    case 2:
      PassTime(1);
      break;
    case 3:
      if (chance(8)) PassTime(chance(4) ? 3200 : 1100);
      break;
    case 4:
      if (chance(3)) Harm();
      break;
    default:
      if (chance(2)) {
        StepStore(static_cast<int>(random_.Below(kNodes)));
      } else {
        StepLink(static_cast<int>(random_.Below(kLinks)));
      }
  }
  CheckAnswers();
  for (int node = 0; node < kNodes; ++node) {
    if (Up(node) && Broken(node)) Stop(node);
    if (!Up(node) && chance(20)) Start(node);
  }
}

void ClusterWorld::Send() {
  const auto replicas = static_cast<std::uint8_t>(random_.Below(replicas_ + 1U));
  StoreWorld& master = World(0);
  master.policy = store::AckPolicy{flush_ == FlushDiskType::kSync, replicas};
  const std::string topic = chance(5) ? std::string(store::kDelayTopic) : chance(2) ? "A" : "B";
  const int count = chance(6) ? 3 : 1;
  const auto numbers = master.SendMany(topic, static_cast<std::int32_t>(random_.Below(2)), count,
                                       20 + random_.Below(chance(3) ? 900 : 60));
  for (const std::size_t number : numbers) open_.push_back({number, replicas});
}

void ClusterWorld::StepStore(int node) {
  if (!Up(node)) return;
  store::Store& store = *World(node).store;
  switch (random_.Below(4)) {
    case 0:
      store.appender().Step();
      break;
    case 1:
      store.flusher().Step();
      break;
    case 2:
      store.dispatcher().Step();
      break;
    default:
      World(node).worker.Step();
  }
}

void ClusterWorld::StepLink(int link) {
  Path& path = To(link);
  if (!Up(0) || !Up(link + 1) || path.partitioned) return;
  if (!path.link->connected()) {
    if (!chance(4)) return;
    path.link->Connect();
  } else if (chance(2)) {
    path.link->StepMaster();
  } else {
    path.link->StepSlave();
  }
  if (!path.link->connected()) Judge(link);
}

void ClusterWorld::PassTime(std::int64_t ms) {
  for (int node = 0; node < kNodes; ++node) {
    World(node).clock.Advance(std::chrono::milliseconds(ms));
    if (Up(node) && ms > 1) World(node).store->upkeep().Tick();
  }
}

void ClusterWorld::Harm() {
  const auto link = static_cast<int>(random_.Below(kLinks));
  const auto node = static_cast<int>(random_.Below(kNodes));
  switch (random_.Below(8)) {
    case 0:
      Note(Concat("connection ", link + 1, " is cut"));
      To(link).link->Cut();
      break;
    case 1:
    case 2:
      To(link).partitioned = !To(link).partitioned;
      Note(Concat("partition of ", link + 1, ": ", To(link).partitioned));
      if (chance(2)) To(link).link->Cut();
      break;
    case 3:
      if (Up(node)) Stop(node);
      break;
    case 4:
    case 5:
      if (Up(node)) InjectFault(node);
      break;
    case 6:
      if (chance(3) && Up(link + 1)) Wipe(link + 1);
      break;
    default:
      if (Up(link + 1)) FillDisk(link + 1);
  }
}

void ClusterWorld::InjectFault(int node) {
  constexpr std::array kKinds = {Fault::Kind::kFail, Fault::Kind::kTear, Fault::Kind::kCrashBefore,
                                 Fault::Kind::kCrashTorn, Fault::Kind::kCrashAfter};
  Fault fault{chance(2) ? Fault::Op::kWrite : Fault::Op::kSync, 1 + random_.Below(6),
              kKinds[random_.Below(kKinds.size())]};
  Note(Concat("fault at ", node, ": ", fault.op == Fault::Op::kWrite ? "write " : "sync ",
              fault.number, " kind ", static_cast<int>(fault.kind)));
  World(node).disk.Inject(fault);
}

void ClusterWorld::FillDisk(int node) {
  SimDisk& disk = World(node).disk;
  const auto space = disk.Space("store");
  if (!space.ok()) return;
  const bool full = space->total_bytes != kLargeDisk;
  Note(Concat("disk of ", node, full ? " has room" : " is full"));
  disk.SetCapacity(full ? kLargeDisk
                        : space->total_bytes - space->free_bytes + random_.Below(5000));
}

void ClusterWorld::Wipe(int node) {
  Note(Concat(node, " is wiped"));
  To(node - 1).link->Cut();
  MakeNode(node);
  MakeLink(node - 1);
}

void ClusterWorld::Stop(int node) {
  const bool power = World(node).disk.crashed() || chance(2);
  Note(Concat(node, power ? " loses power" : " is killed"));
  for (int link = 0; link < kLinks; ++link) {
    if (node == link + 1) To(link).link->Cut();
    if (node == 0) To(link).link->MasterDied();
  }
  // A failed sync has lost what it was to bring to the device; only a power cut shows.
  master_cut_ |= node == 0 && power;
  if (power) World(node).disk.Crash();
  World(node).Drop();
  World(node).worker.RunReady();
  if (power) World(node).disk.Restart();
  At(node).up = false;
}

void ClusterWorld::Start(int node) {
  StoreWorld& world = World(node);
  world.disk.SetCapacity(kLargeDisk);
  world.disk.ClearFault();
  if (chance(4)) {
    Note(Concat(node, " may stop while it starts"));
    world.disk.Inject({chance(2) ? Fault::Op::kWrite : Fault::Op::kSync, 1 + random_.Below(8),
                       chance(2) ? Fault::Kind::kCrashTorn : Fault::Kind::kCrashBefore});
  }
  Status opened = world.Open();
  if (!opened.ok() && world.disk.crashed()) {
    world.Drop();
    world.worker.RunReady();
    world.disk.Restart();
    opened = world.Open();
    master_cut_ |= node == 0;
    world.unwritten = true;  // the start that stopped may have found it
  }
  ASSERT_TRUE(opened.ok()) << opened.ToString();
  world.disk.ClearFault();
  if (world.disk.crashed()) return;  // at the very end: Stop sees to it
  At(node).up = true;
  world.store->follower().FlushAtOnce(link_options_.ack_flushed);
  Note(Concat(node, " starts at ", world.store->log().end()));
  CheckNode(node);
}

// Everything works again.
void ClusterWorld::Heal() {
  for (int node = 0; node < kNodes; ++node) {
    if (Up(node) && Broken(node)) Stop(node);
    World(node).disk.SetCapacity(kLargeDisk);
    World(node).disk.ClearFault();
    while (!Up(node) && !testing::Test::HasFailure()) {
      Start(node);
      if (!Up(node)) Stop(node);
    }
    if (testing::Test::HasFailure()) return;
  }
  for (Path& path : paths_) path.partitioned = false;
  Note("all is well");
}

void ClusterWorld::Settle() {
  StoreWorld& master = World(0);
  PassTime(1100);
  for (int node = 0; node < kNodes; ++node) World(node).Pump();
  std::size_t last = 0;
  bool sent = false, done = false;
  for (int round = 0; round < kQuietRounds && !done; ++round) {
    for (int i = 0; i < 4 * kLinks; ++i) StepLink(i % kLinks);
    for (int node = 0; node < kNodes; ++node) World(node).Pump();
    PassTime(round % 100 == 99 ? 1100 : 1);
    CheckAnswers();
    if (testing::Test::HasFailure()) return;
    const bool equal = World(1).store->log().end() == master.store->log().end() &&
                       World(2).store->log().end() == master.store->log().end();
    if (!sent && round % 20 == 19 && CaughtUp()) {
      master.store->replicas().Refresh();
      master.policy = store::AckPolicy{true, kLinks};
      last = master.Send("A", 0);
      open_.push_back({last, kLinks});
      sent = true;
    }
    done = sent && equal && master.AckOf(last) != nullptr;
  }
  ASSERT_TRUE(done) << "the replicas do not catch up: " << master.store->log().end() << ", "
                    << World(1).store->log().end() << ", " << World(2).store->log().end();
  EXPECT_EQ(master.AckOf(last)->outcome, AppendOutcome::kOk);
  for (int node = 0; node < kNodes; ++node) CheckNode(node);
}

// But for a blank record at the end, which a replica takes with the record behind it.
bool ClusterWorld::CaughtUp() {
  auto& master = *World(0).store;
  const auto last = store::TailOf(master.log(), master.queues())->offset;
  for (int link = 0; link < kLinks; ++link) {
    auto& slave = *World(link + 1).store;
    if (store::TailOf(slave.log(), slave.queues())->offset != last) return false;
  }
  return master.replicas().in_sync() == kLinks;
}

// --- promises ----------------------------------------------------------------------------------

// Why a replica may be refused, or stop following.
void ClusterWorld::Judge(int link) {
  const Status& why = To(link).link->refused;
  if (why.ok()) return;
  StoreWorld& slave = World(link + 1);
  if (slave.disk.crashed() || slave.store->gate().poisoned()) return;
  if (why.code() == Status::Code::kFull) {
    const auto space = slave.disk.Space("store");
    ASSERT_TRUE(space.ok() && space->total_bytes != kLargeDisk) << why.ToString();
    slave.store->upkeep().Tick();
    return;
  }
  ASSERT_TRUE(MayHaveLost()) << "replica " << link + 1 << ": " << why.ToString();
  Note(Concat("replica ", link + 1, ": ", why.message()));
  Wipe(link + 1);
}

void ClusterWorld::CheckAnswers() {
  const auto& acks = World(0).acks.by_slot;
  if (acks.size() == answers_) return;
  answers_ = acks.size();
  std::erase_if(open_, [&](const OpenSend& send) {
    const store::Ack* ack = World(0).AckOf(send.number);
    if (ack == nullptr) return false;
    int copies = 0;
    for (const Path& path : paths_) copies += path.link->promised() > ack->log_offset ? 1 : 0;
    if (ack->outcome == AppendOutcome::kOk) {
      EXPECT_GE(copies, send.replicas) << "acknowledged without its copies: " << send.number;
    }
    return true;
  });
}

void ClusterWorld::CheckNode(int node) {
  SCOPED_TRACE(Concat("node ", node));
  StoreWorld& world = World(node);
  if (node > 0) {
    world.sent = World(0).sent;
    world.unwritten |= World(0).unwritten;
    if (link_options_.ack_flushed) {
      EXPECT_GE(world.store->log().end(), To(node - 1).link->promised())
          << "lost what it had reported";
    }
  }
  world.CheckEverything();
  for (int link = 0; link < kLinks; ++link) {
    if ((node == 0 || node == link + 1) && Up(0) && Up(link + 1)) CheckPrefix(link);
  }
}

void ClusterWorld::CheckPrefix(int link) {
  const auto& master = World(0).store->log();
  const auto& slave = World(link + 1).store->log();
  if (MayHaveLost() && !To(link).link->connected()) return;  // said when it connects
  ASSERT_LE(slave.end(), master.end()) << "replica " << link + 1 << " is ahead";
  for (auto at = slave.begin(); at < slave.end();) {
    const auto copy = slave.SegmentAt(at), own = master.SegmentAt(at);
    const auto bytes = std::min(slave.end(), copy->end()) - at;
    ASSERT_TRUE(own != nullptr && own->From(at, bytes) == copy->From(at, bytes))
        << "replica " << link + 1 << " differs in the file of " << at;
    at += bytes;
  }
}

}  // namespace comet::sim
