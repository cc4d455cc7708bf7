#include "store/recovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "remoting/wire/record_reader.h"
#include "store/layout.h"
#include "store/lost_record.h"
#include "store/upkeep.h"
#include "test/store/store_world.h"

namespace comet::store {
namespace {

using sim::Fault;
using testing::HasSubstr;

constexpr const char* kFirstFile = "store/commitlog/00000000000000000000";
constexpr std::int64_t kInBody = 95;  // of a record

void CutThePower(StoreWorld& world) {
  world.disk.Crash();
  world.Drop();
  world.worker.RunReady();
  world.disk.Restart();
}

void DamageBody(StoreWorld& world, std::size_t number) {
  const auto at = world.AckOf(number)->log_offset + kInBody;
  world.disk.FlipBit(kFirstFile, static_cast<std::uint64_t>(at), 3);
}

void SpoilBody(StoreWorld& world, std::size_t number) {
  const auto at = world.AckOf(number)->log_offset + kInBody;
  world.disk.Spoil(kFirstFile, static_cast<std::uint64_t>(at), 1);
}

class RecoveryTest : public testing::Test {
 protected:
  RecoveryTest() {
    EXPECT_TRUE(world_.Open().ok());
    for (int i = 0; i < 10; ++i) world_.Send("A", 0);
    world_.Pump();
    // Marks that say: all of this is on the device.
    world_.clock.Advance(std::chrono::milliseconds(1100));
    world_.store->upkeep().Tick();
  }
  std::int64_t OffsetOf(std::size_t number) const { return world_.AckOf(number)->log_offset; }
  std::vector<std::string> LogFiles() {
    std::vector<std::string> files;
    const auto names = world_.disk.List("store/commitlog");
    for (const std::string& name : *names) {
      if (SegmentBase(name)) files.push_back("store/commitlog/" + name);
    }
    return files;
  }
  void StopThePower() { CutThePower(world_); }
  void DamageBodyOf(std::size_t number) { DamageBody(world_, number); }
  void SpoilBodyOf(std::size_t number) { SpoilBody(world_, number); }

  StoreWorld world_;
};

TEST_F(RecoveryTest, ADamagedRecordInTheMiddleCostsThatRecordAlone) {
  auto expected = world_.Bodies("A", 0);
  StopThePower();
  DamageBodyOf(4);
  testing::internal::CaptureStderr();
  const Status opened = world_.Open();
  const std::string said = testing::internal::GetCapturedStderr();
  ASSERT_TRUE(opened.ok()) << opened.ToString();
  const auto& report = world_.store->recovery();
  ASSERT_EQ(report.damaged.size(), 1U);
  EXPECT_EQ(report.damaged[0].log_offset, OffsetOf(4));
  EXPECT_EQ(report.damaged[0].end(), OffsetOf(5));
  EXPECT_THAT(said, HasSubstr(Concat(kFirstFile, " at byte ", OffsetOf(4))));

  // All others are where they were, and so is what comes.
  const auto number = world_.Send("A", 0);
  world_.Pump();
  EXPECT_EQ(world_.AckOf(number)->queue_offset, 10);
  expected[4] = "?";
  expected.push_back(world_.sent[number].body);
  EXPECT_EQ(world_.Bodies("A", 0), expected);
}

TEST_F(RecoveryTest, WhatNeverReachedTheDeviceBehindTheFlushedMarkLeavesNoHole) {
  for (int i = 0; i < 3; ++i) world_.Send("A", 0);
  world_.Pump();
  auto expected = world_.Bodies("A", 0);
  StopThePower();
  DamageBodyOf(11);
  ASSERT_TRUE(world_.Open().ok());
  const auto& log = world_.store->log();
  EXPECT_EQ(world_.store->recovery().unwritten_bytes, OffsetOf(12) - OffsetOf(11));
  EXPECT_TRUE(log.damaged().all().empty());
  const auto range =
      log.Read(OffsetOf(11), static_cast<std::uint32_t>(OffsetOf(12) - OffsetOf(11)));
  ASSERT_TRUE(range.ok());
  const auto there = wire::ReadRecord(range->bytes, {.body_crc = true, .log_offset = OffsetOf(11)});
  ASSERT_EQ(there.state, wire::RecordState::kRecord) << there.reason;
  EXPECT_TRUE(IsLostRecord(there.record));
  expected[11] = "?";
  EXPECT_EQ(world_.Bodies("A", 0), expected);
  world_.CrashAndOpen();
  EXPECT_EQ(world_.Bodies("A", 0), expected);
}

// As a log that was copied alone.
TEST_F(RecoveryTest, WithoutACheckpointDamageCostsThatRecordAlone) {
  auto expected = world_.Bodies("A", 0);
  world_.config.flush = FlushDiskType::kAsync;
  StopThePower();
  DamageBodyOf(4);
  ASSERT_TRUE(world_.disk.Remove("store/checkpoint").ok());
  ASSERT_TRUE(world_.Open().ok());
  EXPECT_EQ(world_.store->recovery().damaged.size(), 1U);
  expected[4] = "?";
  EXPECT_EQ(world_.Bodies("A", 0), expected);
}

TEST_F(RecoveryTest, AReplicaIsCutWhereItsLastWritesDidNotReachTheDevice) {
  for (int i = 0; i < 3; ++i) world_.Send("A", 0);
  world_.Pump();
  StopThePower();
  DamageBodyOf(11);
  world_.config.replica = true;
  ASSERT_TRUE(world_.Open().ok());
  EXPECT_EQ(world_.store->log().end(), OffsetOf(11));
  EXPECT_EQ(world_.Bodies("A", 0).size(), 11U);
}

// Other replicas may have what is missing, and must not find their last record behind a hole.
TEST_F(RecoveryTest, AReplicaThatBecomesTheMasterIsCutThereToo) {
  ASSERT_EQ(world_.Close().ToString(), "OK");
  world_.config.replica = true;
  ASSERT_TRUE(world_.Open().ok());
  world_.config.replica = false;
  for (int i = 0; i < 3; ++i) world_.Send("A", 0);
  world_.Pump();
  StopThePower();
  DamageBodyOf(11);
  ASSERT_TRUE(world_.Open().ok());
  EXPECT_EQ(world_.store->log().end(), OffsetOf(11));
  // What it is sent as a master is its own.
  for (int i = 0; i < 3; ++i) world_.Send("A", 0);
  world_.Pump();
  const auto end = world_.store->log().end();
  StopThePower();
  DamageBodyOf(14);
  ASSERT_TRUE(world_.Open().ok());
  EXPECT_EQ(world_.store->log().end(), end);
}

TEST_F(RecoveryTest, AReplicaDoesNotKeepThePlaceOfAnAcceptedLoss) {
  StopThePower();
  DamageBodyOf(9);
  world_.config.replica = world_.config.accept_loss = true;
  ASSERT_EQ(world_.Open().ToString(), "OK");
  EXPECT_EQ(world_.store->log().end(), OffsetOf(9));
  EXPECT_TRUE(world_.store->log().damaged().all().empty());
}

TEST_F(RecoveryTest, DamageIsRememberedAndReportedOnce) {
  StopThePower();
  DamageBodyOf(4);
  ASSERT_TRUE(world_.Open().ok());
  world_.CrashAndOpen();
  EXPECT_TRUE(world_.store->recovery().damaged.empty());
  ASSERT_EQ(world_.store->log().damaged().all().size(), 1U);
  EXPECT_EQ(world_.Bodies("A", 0)[4], "?");
  EXPECT_EQ(world_.Bodies("A", 0).size(), 10U);
}

// It would hide what is lost, and all records with it.
TEST_F(RecoveryTest, RememberedDamageThatReachesBehindTheLogIsNotBelieved) {
  const auto expected = world_.Bodies("A", 0);
  for (const char* const lines : {"0 9223372036854775807\n", "122 3975\n", "5000 10\n"}) {
    SCOPED_TRACE(lines);
    StopThePower();
    ASSERT_TRUE(WriteFileAtomically(world_.disk, "store/damaged", lines).ok());
    const auto files = LogFiles();
    const std::string before = world_.disk.Content(kFirstFile);
    ASSERT_EQ(world_.Open().ToString(), "OK");
    EXPECT_EQ(world_.Bodies("A", 0), expected);
    EXPECT_TRUE(world_.store->log().damaged().all().empty());
    EXPECT_EQ(LogFiles(), files);
    EXPECT_EQ(world_.disk.Content(kFirstFile), before);
    EXPECT_EQ(world_.disk.Content("store/damaged"), "");  // the log may grow over it
  }
}

// Removed by an orderly stop, but the power went before that was on the device.
TEST_F(RecoveryTest, ALogFileBehindTheEndOfAnOrderlyStopIsRemoved) {
  const auto expected = world_.Bodies("A", 0);
  const auto end = world_.store->log().end();
  const std::string behind = Concat("store/commitlog/", SegmentName(world_.config.segment_bytes));
  for (int start = 0; start < 2; ++start) {
    ASSERT_EQ(world_.Close().ToString(), "OK");
    if (start == 0) {
      auto file = world_.disk.Open(behind, FileSystem::Mode::kCreate);
      ASSERT_TRUE(file.ok()) << file.error().ToString();
      ASSERT_TRUE((*file)->Truncate(4096).ok());
    }
    ASSERT_EQ(world_.Open().ToString(), "OK");
    EXPECT_EQ(world_.store->log().end(), end);
    EXPECT_EQ(world_.Bodies("A", 0), expected);
    EXPECT_EQ(LogFiles(), std::vector<std::string>{kFirstFile});
  }
  const auto number = world_.Send("A", 0);
  world_.Pump();
  EXPECT_TRUE(world_.Acked(number));
}

TEST_F(RecoveryTest, ALossBelowTheFlushedMarkIsReportedWithItsPlaceAndNotCutOff) {
  StopThePower();
  DamageBodyOf(9);  // the last: nothing behind it tells where the log goes on
  const std::string before = world_.disk.Content(kFirstFile);
  const Status opened = world_.Open();
  EXPECT_EQ(opened.code(), Status::Code::kCorruption);
  EXPECT_THAT(opened.message(), HasSubstr(Concat(kFirstFile, " at byte ", OffsetOf(9))));
  EXPECT_THAT(opened.message(), HasSubstr("acceptLoss"));
  EXPECT_EQ(world_.disk.Content(kFirstFile), before);
}

TEST_F(RecoveryTest, AnAcceptedLossKeepsItsPlace) {
  StopThePower();
  DamageBodyOf(9);
  world_.config.accept_loss = true;
  ASSERT_EQ(world_.Open().ToString(), "OK");
  EXPECT_GT(world_.store->recovery().lost_bytes, 0);
  const auto number = world_.Send("A", 0);
  world_.Pump();
  EXPECT_EQ(world_.AckOf(number)->queue_offset, 10);
  EXPECT_GT(OffsetOf(number), OffsetOf(9));
  EXPECT_EQ(world_.Bodies("A", 0)[9], "?");
  EXPECT_EQ(world_.Bodies("A", 0)[10], world_.sent[number].body);
}

TEST_F(RecoveryTest, AMissingLogFileIsNamed) {
  for (int i = 0; i < 12; ++i) world_.Send("A", 0, 1000);  // three files
  world_.Pump();
  world_.clock.Advance(std::chrono::milliseconds(1100));
  world_.store->upkeep().Tick();
  StopThePower();
  ASSERT_TRUE(world_.disk.Remove("store/commitlog/00000000000000004096").ok());
  const Status opened = world_.Open();
  EXPECT_EQ(opened.code(), Status::Code::kCorruption);
  EXPECT_THAT(opened.message(), HasSubstr("00000000000000008192"));
}

// After an orderly stop nothing is scanned, but the mark tells how much there was.
class LastFileTest : public RecoveryTest {
 protected:
  LastFileTest() {
    for (int i = 0; i < 12; ++i) world_.Send("A", 0, 1000);
    world_.Pump();
    EXPECT_TRUE(world_.Close().ok());
    files_ = LogFiles();
    EXPECT_GE(files_.size(), 3U);
    last_ = files_.back();
    files_.pop_back();
  }
  void ExpectRefused(const std::string& what) {
    std::vector<std::string> before;
    for (const std::string& file : files_) before.push_back(world_.disk.Content(file));
    for (int start = 0; start < 2; ++start) {
      const Status opened = world_.Open();
      EXPECT_EQ(opened.code(), Status::Code::kCorruption);
      EXPECT_THAT(opened.message(), HasSubstr(last_));
      EXPECT_THAT(opened.message(), HasSubstr(what));
    }
    for (std::size_t i = 0; i < files_.size(); ++i) {
      EXPECT_EQ(world_.disk.Content(files_[i]), before[i]);
    }
  }
  Status Shorten(std::uint64_t bytes) {
    auto file = world_.disk.Open(last_, FileSystem::Mode::kOpen);
    return file.ok() ? (*file)->Truncate(bytes) : file.TakeError();
  }

  std::vector<std::string> files_;  // of the log, but the last
  std::string last_;
};

TEST_F(LastFileTest, ThatIsMissingAfterAnOrderlyStopIsReportedAndNothingIsCut) {
  ASSERT_TRUE(world_.disk.Remove(last_).ok());
  const auto end = files_.size() * static_cast<std::size_t>(world_.config.segment_bytes);
  ExpectRefused(Concat(", which is missing or empty, at byte 0 (log offset ", end, ")"));
}

TEST_F(LastFileTest, ThatIsEmptyAfterAnOrderlyStopIsReportedAndNothingIsCut) {
  ASSERT_TRUE(Shorten(0).ok());
  ExpectRefused("missing or empty");
}

TEST_F(LastFileTest, ThatIsShorterAfterAnOrderlyStopIsReportedAndNothingIsCut) {
  ASSERT_TRUE(Shorten(1000).ok());
  ExpectRefused("has 1000 bytes; mappedFileSizeCommitLog is 4096");
  EXPECT_EQ(world_.disk.Content(last_).size(), 1000U);
}

// Consumers may have seen what was lost: its offsets are not given again.
TEST_F(LastFileTest, ThatIsMissingIsDoneWithoutWhenTheLossIsAccepted) {
  ASSERT_TRUE(world_.disk.Remove(last_).ok());
  world_.config.accept_loss = true;
  ASSERT_EQ(world_.Open().ToString(), "OK");
  world_.CrashAndOpen();
  const auto number = world_.Send("A", 0);
  world_.Pump();
  ASSERT_TRUE(world_.Acked(number));
  EXPECT_EQ(world_.AckOf(number)->queue_offset, 22);
  EXPECT_EQ(world_.Bodies("A", 0).size(), 23U);
  EXPECT_EQ(world_.Bodies("A", 0)[22], world_.sent[number].body);
}

TEST_F(RecoveryTest, OffsetsOfAnAcceptedLossAreNotGivenAgainAfterACrashEither) {
  for (int i = 0; i < 12; ++i) world_.Send("A", 0, 1000);
  world_.Pump();
  world_.Tick();
  StopThePower();
  ASSERT_TRUE(world_.disk.Remove(LogFiles().back()).ok());
  world_.config.accept_loss = true;
  ASSERT_EQ(world_.Open().ToString(), "OK");
  world_.CrashAndOpen();
  const auto number = world_.Send("A", 0);
  world_.Pump();
  ASSERT_TRUE(world_.Acked(number));
  EXPECT_EQ(world_.AckOf(number)->queue_offset, 22);
}

// 13 messages, of which the last one is alone in its log file; that is gone.
void LoseTheLastFile(StoreWorld& world) {
  ASSERT_EQ(world.Open().ToString(), "OK");
  for (int i = 0; i < 13; ++i) world.Send("A", 0, 1000);
  world.Pump();
  world.Tick();
  CutThePower(world);
  ASSERT_TRUE(world.disk.Remove(Concat("store/commitlog/", SegmentName(4 * 4096))).ok());
  ASSERT_TRUE(world.disk.SyncDirectory("store/commitlog").ok());
}

// 13 messages, of which the last one is damaged. So is another queue: all are made again.
void LoseTheLastRecord(StoreWorld& world) {
  ASSERT_EQ(world.Open().ToString(), "OK");
  for (int i = 0; i < 12; ++i) world.Send("A", 0);
  for (int i = 0; i < 5; ++i) world.Send("B", 0);
  const auto last = world.Send("A", 0);
  world.Pump();
  world.Tick();
  CutThePower(world);
  DamageBody(world, last);
  world.disk.FlipBit("store/consumequeue/B/0/00000000000000000000", 2 * 20 + 3, 6);
}

void SendTheNext(StoreWorld& world) {
  const auto number = world.Send("A", 0);
  world.Pump();
  ASSERT_TRUE(world.Acked(number));
  EXPECT_EQ(world.AckOf(number)->queue_offset, 13);
}

void AcceptAndStopAt(Fault fault, void (*lose)(StoreWorld&)) {
  StoreWorld world(FlushDiskType::kSync, static_cast<std::uint64_t>(fault.number));
  lose(world);
  if (testing::Test::HasFatalFailure()) return;
  world.config.accept_loss = true;
  world.disk.Inject(fault);
  static_cast<void>(world.Open());  // ends there, or did so in what comes behind it
  world.CrashAndOpen();
  if (!testing::Test::HasFatalFailure()) SendTheNext(world);
}

class AcceptedLossTest : public testing::TestWithParam<void (*)(StoreWorld&)> {};

INSTANTIATE_TEST_SUITE_P(Loss, AcceptedLossTest,
                         testing::Values(&LoseTheLastFile, &LoseTheLastRecord));

// For every write and sync of the start that accepts the loss, and behind it: stop the machine.
TEST_P(AcceptedLossTest, ItsOffsetsAreNotGivenAgainWhereverTheStartIsStopped) {
  StoreWorld calm;
  GetParam()(calm);
  calm.config.accept_loss = true;
  calm.disk.ClearFault();
  ASSERT_EQ(calm.Open().ToString(), "OK");
  ASSERT_GT(calm.store->recovery().lost_bytes, 0);
  const auto writes = calm.disk.writes(), syncs = calm.disk.syncs();
  calm.CrashAndOpen();
  SendTheNext(calm);
  for (const auto op : {Fault::Op::kWrite, Fault::Op::kSync}) {
    const auto count = op == Fault::Op::kWrite ? writes : syncs;
    for (std::int64_t number = 1; number <= count; ++number) {
      for (const auto kind : {Fault::Kind::kCrashBefore, Fault::Kind::kCrashAfter}) {
        SCOPED_TRACE(Concat(op == Fault::Op::kWrite ? "write " : "sync ", number, " kind ",
                            static_cast<int>(kind)));
        AcceptAndStopAt({op, number, kind}, GetParam());
        if (HasFailure()) return;
      }
    }
  }
}

// Only reading tells: no start reads the whole log. Consumers compare the CRC of the body.
TEST_F(RecoveryTest, DamageAfterAnOrderlyStopIsNoticedByItsReaders) {
  ASSERT_TRUE(world_.Close().ok());
  DamageBodyOf(4);
  constexpr std::uint64_t kInSize = 2;
  world_.disk.FlipBit(kFirstFile, static_cast<std::uint64_t>(OffsetOf(6)) + kInSize, 3);
  ASSERT_EQ(world_.Open().ToString(), "OK");
  EXPECT_TRUE(world_.store->log().damaged().all().empty());
  const QueueSlot* slot = world_.store->queues().Find("A", 0);
  const auto read = world_.store->reader().Read(slot, 0, {}, nullptr);
  EXPECT_EQ(read.messages, 9);
  EXPECT_EQ(read.damaged, 1);
  EXPECT_EQ(read.next_offset, 10);
  const auto there =
      world_.store->log().Read(OffsetOf(4), static_cast<std::uint32_t>(OffsetOf(5) - OffsetOf(4)));
  ASSERT_TRUE(there.ok());
  EXPECT_EQ(wire::ReadRecord(there->bytes, {.body_crc = true, .log_offset = {}}).state,
            wire::RecordState::kDamaged);
}

// It may be back at the next start, so that it must not be taken for damage by this one.
TEST_F(RecoveryTest, WhatAStartHasToReadAndTheDeviceDoesNotGiveEndsItAndChangesNothing) {
  const auto number = world_.Send("A", 0);
  world_.Pump();
  ASSERT_TRUE(world_.Acked(number));  // and no mark speaks of it
  StopThePower();
  const std::string before = world_.disk.Content(kFirstFile);
  for (const std::size_t lost : {std::size_t{4}, number}) {
    SpoilBodyOf(lost);
    const Status opened = world_.Open();
    EXPECT_EQ(opened.code(), Status::Code::kIo);
    EXPECT_THAT(opened.message(), HasSubstr(Concat("byte ", OffsetOf(lost) + kInBody, " of ")));
    EXPECT_THAT(opened.message(), HasSubstr(kFirstFile));
    EXPECT_THAT(opened.message(), HasSubstr("acceptLoss=true"));
    world_.disk.Mend(kFirstFile);
    EXPECT_EQ(world_.disk.Content(kFirstFile), before);
  }
  ASSERT_EQ(world_.Open().ToString(), "OK");
  EXPECT_EQ(world_.Bodies("A", 0).size(), 11U);
  world_.CheckEverything();
}

TEST_F(RecoveryTest, WhatTheDeviceDoesNotGiveIsDamageWhereTheLossIsAccepted) {
  auto expected = world_.Bodies("A", 0);
  StopThePower();
  SpoilBodyOf(4);
  world_.config.accept_loss = true;
  ASSERT_EQ(world_.Open().ToString(), "OK");
  EXPECT_THAT(world_.store->recovery().damaged,
              testing::ElementsAre(Damage{OffsetOf(4), OffsetOf(5) - OffsetOf(4)}));
  expected[4] = "?";
  EXPECT_EQ(world_.Bodies("A", 0), expected);
}

TEST_F(RecoveryTest, MessagesAreTakenAgainBehindAnAcceptedLossAtTheEnd) {
  const auto number = world_.Send("A", 0);
  world_.Pump();
  StopThePower();
  SpoilBodyOf(number);
  world_.config.accept_loss = true;
  ASSERT_EQ(world_.Open().ToString(), "OK");
  const auto next = world_.Send("A", 0);
  world_.Pump();
  EXPECT_TRUE(world_.Acked(next));
  EXPECT_EQ(world_.Bodies("A", 0).back(), world_.sent[next].body);
}

TEST_F(RecoveryTest, DamagedQueuesAndIndexAreMadeAgainFromTheLog) {
  ASSERT_TRUE(world_.Close().ok());
  world_.disk.FlipBit("store/consumequeue/A/0/00000000000000000000", 3 * 20 + 3, 6);
  const auto index = world_.disk.List("store/index");
  ASSERT_TRUE(index.ok());
  world_.disk.FlipBit("store/index/" + index->front(), 41, 1);  // a hash slot
  ASSERT_EQ(world_.Open().ToString(), "OK");
  world_.CheckEverything();
  EXPECT_EQ(world_.Bodies("A", 0).size(), 10U);
}

}  // namespace
}  // namespace comet::store
