// What consumers see of a queue on a disk that cannot be read.

#include <chrono>
#include <future>
#include <string>

#include <gtest/gtest.h>

#include "broker_fixture.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/response_code.h"
#include "test/store/faulty_file_system.h"

namespace comet::broker {
namespace {

using Code = wire::ResponseCode;

class PullErrors : public BrokerTest {
 protected:
  PullErrors() {
    StartWith({.broker = options_.broker, .store = options_.store, .net = {}, .fs = disk_});
    Put("orders", "first");
    EXPECT_EQ(Next("orders", 0).body, "first");  // makes the group
  }
  ~PullErrors() override {
    disk_.fail_reads = false;
    StopBroker();  // before its disk
  }
  static PullHeader WaitingPullFrom(std::int64_t offset, std::chrono::milliseconds patience) {
    auto header = PullFrom("orders", offset);
    header.sys_flag |= wire::pull_flag::kSuspend;
    header.suspend_timeout_ms = patience.count();
    return header;
  }

  store::FaultyFileSystem disk_{files_};
};

TEST_F(PullErrors, AQueueThatCannotBeReadIsWaitedForAndServedOnceItCan) {
  disk_.fail_reads = true;
  std::promise<std::string> promise;
  auto answered = promise.get_future();
  client().Call<wire::PullMessage>(
      WaitingPullFrom(0, std::chrono::seconds(20)), {}, {.timeout = kTimeout},
      [&](StatusOr<net::Answer<wire::PullMessage>> answer) {
        if (!answer.ok()) return promise.set_value(answer.error().ToString());
        const auto records = Records(answer->body);
        promise.set_value(records.empty() ? "nothing" : records[0].body);
      });
  const auto impatient = Pull(PullFrom("orders", 0));  // behind it, on the same connection
  EXPECT_EQ(impatient->code, Code::kPullNotFound);
  EXPECT_EQ(impatient->remark, "OFFSET_FOUND_NULL");
  EXPECT_EQ(answered.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  disk_.fail_reads = false;
  EXPECT_EQ(answered.get(), "first");
}

TEST_F(PullErrors, AQueueThatStaysUnreadableIsToldWhenThePullsTimeIsOver) {
  constexpr auto kPatience = std::chrono::milliseconds(50);
  disk_.fail_reads = true;
  const auto begun = SystemClock().Now();
  const auto answer = Pull(WaitingPullFrom(0, kPatience));
  EXPECT_GE(SystemClock().Now() - begun, kPatience);
  EXPECT_EQ(answer->code, Code::kPullNotFound);
  EXPECT_EQ(answer->remark, "OFFSET_FOUND_NULL");
  EXPECT_EQ(answer->reply.next_offset, 0);
}

}  // namespace
}  // namespace comet::broker
