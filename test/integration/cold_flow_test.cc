#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/cold_read.h"
#include "broker/context.h"
#include "broker_fixture.h"
#include "remoting/base/text.h"
#include "remoting/wire/response_code.h"

namespace comet::broker {
namespace {

using testing::HasSubstr;

// A broker that was started with nothing of its messages in memory.
class ColdFlowTest : public BrokerTest {
 protected:
  static constexpr std::int64_t kBodyBytes = 1 << 20;
  // Of which the store takes the last 64 MiB to be in memory.
  static constexpr int kMessages = 80;
  // Of what takes half a second to read one message.
  static constexpr std::int64_t kHalfASecond = 10 * kBodyBytes;
  static constexpr auto kWait = std::chrono::milliseconds(500) - ColdFlowControl::kCredit;

  ColdFlowTest() {
    config().cold_flow_control = true;
    Start();
    const std::string body(kBodyBytes, 'x');
    for (int i = 0; i < kMessages; ++i) Put("Old", body);
    StopBroker();
  }
  void StartCold() {
    for (const auto& file : std::filesystem::directory_iterator(directory_ / "store/commitlog")) {
      const int fd = ::open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
      ::fsync(fd);
      ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
      ::close(fd);
    }
    Start();
  }
  // Whether a message is on the disk alone: no file system has to forget what it is asked to.
  bool AreOnDisk() { return IsOnDisk(0) && IsOnDisk(3); }
  bool IsOnDisk(std::int64_t offset) {
    auto& context = broker_->context();
    const auto slot = context.store.queues().Find("Old", 0);
    const auto extents = context.reader.Extents(*slot, offset, {1, kBodyBytes});
    return !extents.empty() && !IsInMemory(extents[0].bytes);
  }
  net::OwnedAnswer<wire::PullMessage> PullOld(std::int64_t offset, std::string_view group) {
    auto header = PullFrom("Old", offset);
    header.consumer_group = group;
    header.max_messages = 1;
    return Pull(header);
  }

  // Two reads, by these groups.
  void ExpectTheSecondWaits(std::string_view first, std::string_view second) {
    const auto begun = SystemClock().Now();
    EXPECT_EQ(PullOld(0, first)->code, wire::ResponseCode::kSuccess);
    const auto answer = PullOld(3, second);
    EXPECT_EQ(answer->code, wire::ResponseCode::kSuccess);
    EXPECT_EQ(Records(answer->body).size(), 1U);
    EXPECT_GE(SystemClock().Now() - begun, kWait);
  }

  BrokerConfig& config() { return options_.broker; }
};

#define SKIP_UNLESS_ON_DISK()                                                                   \
  if (!AreOnDisk()) {                                                                           \
    GTEST_SKIP() << "the file system of " << directory_.path() << " keeps its files in memory"; \
  }

TEST_F(ColdFlowTest, AGroupThatHasUsedUpItsThresholdIsToldSoAndNobodyElse) {
  config().cold_bytes_a_group = 1;
  StartCold();
  SKIP_UNLESS_ON_DISK();
  EXPECT_EQ(PullOld(0, "reader")->code, wire::ResponseCode::kSuccess);
  const auto refused = PullOld(3, "reader");
  EXPECT_EQ(refused->code, wire::ResponseCode::kSystemBusy);
  EXPECT_THAT(refused->remark, HasSubstr("group reader"));
  EXPECT_THAT(refused->remark, HasSubstr("cgColdReadThreshold=1"));
  EXPECT_EQ(PullOld(kMessages - 1, "reader")->code, wire::ResponseCode::kSuccess);  // in memory
  EXPECT_EQ(PullOld(3, "other")->code, wire::ResponseCode::kSuccess);
  EXPECT_EQ(PullOld(3, "reader")->code,
            wire::ResponseCode::kSuccess);  // where the other brought it
}

TEST_F(ColdFlowTest, AGroupWaitsForItsNextRead) {
  config().cold_bytes_a_group = kHalfASecond;
  StartCold();
  SKIP_UNLESS_ON_DISK();
  ExpectTheSecondWaits("reader", "reader");
}

TEST_F(ColdFlowTest, AllGroupsWaitForEachOther) {
  config().cold_bytes_of_all = kHalfASecond;
  StartCold();
  SKIP_UNLESS_ON_DISK();
  ExpectTheSecondWaits("one", "other");
}

TEST_F(ColdFlowTest, ABrokerStopsWhileReadsWait) {
  config().cold_bytes_of_all = kHalfASecond;
  StartCold();
  SKIP_UNLESS_ON_DISK();
  EXPECT_EQ(PullOld(0, "one")->code, wire::ResponseCode::kSuccess);
  std::promise<bool> answered;
  client().Call<wire::PullMessage>(PullFrom("Old", 3), {}, {.timeout = kTimeout},
                                   [&](const auto& answer) { answered.set_value(answer.ok()); });
  EXPECT_EQ(PullOld(kMessages - 1, "one")->code, wire::ResponseCode::kSuccess);  // behind it
  StopBroker();
  EXPECT_FALSE(answered.get_future().get());
}

TEST_F(ColdFlowTest, NothingIsLimitedUnlessItIsEnabled) {
  config().cold_flow_control = false;
  config().cold_bytes_a_group = config().cold_bytes_of_all = 1;
  StartCold();
  SKIP_UNLESS_ON_DISK();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(PullOld(3 * i, "reader")->code, wire::ResponseCode::kSuccess);
}

}  // namespace
}  // namespace comet::broker
