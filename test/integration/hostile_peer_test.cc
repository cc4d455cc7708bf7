// Peers that mean ill, or are broken, and what the others notice of them: nothing. The limits by
// which a loop defends itself are tested one by one in test/net/limits_test.cc.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker_fixture.h"
#include "namesrv/namesrv.h"
#include "remoting/wire/flags.h"
#include "remoting/wire/frame.h"
#include "remoting/wire/requests/get_cluster_info.h"
#include "remoting/wire/requests/get_max_offset.h"
#include "test/base/sanitized.h"
#include "test/net/raw_peer.h"

namespace comet::broker {
namespace {

using net::RawPeer;
using std::string_literals::operator""s;
using testing::HasSubstr;

constexpr auto kBinary = wire::HeaderForm::kBinary;

template <wire::Request R>
std::string FrameOf(const typename R::Header& header, std::string_view body = {},
                    std::int32_t code = wire::Codes(R::kCodes)[0],
                    wire::Spelling spelling = wire::Spelling::kLong) {
  wire::Head head;
  head.form = kBinary;
  head.code = code;
  std::string bytes;
  wire::AppendFrame(head, header, body, &bytes, spelling);
  return bytes;
}

std::string AskMaxOffset(std::string_view topic) {
  wire::GetMaxOffset::Header header;
  header.topic = topic;
  return FrameOf<wire::GetMaxOffset>(header);
}

std::int64_t StatusLine(std::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::stoll(line.substr(name.size()));
  }
  ADD_FAILURE() << name << " is not in /proc/self/status";
  return 0;
}
std::int64_t ResidentBytes() {
  return StatusLine("VmRSS:") * 1024;
}
std::int64_t Threads() {
  return StatusLine("Threads:");
}

// The most memory there was, of the moments looked at, above that at the beginning.
class MemoryPeak {
 public:
  void Look() { peak_ = std::max(peak_, ResidentBytes()); }
  std::int64_t growth() const { return peak_ - start_; }

 private:
  const std::int64_t start_ = ResidentBytes();
  std::int64_t peak_ = start_;
};

double SecondsOf(const std::function<void()>& work) {
  const MonoTime start = SystemClock().Now();
  work();
  return std::chrono::duration<double>(SystemClock().Now() - start).count();
}

// Sends the frame again and again without reading a byte, until the server takes no more or
// `most` have gone; returns how many have.
int Pour(RawPeer& peer, const std::string& frame, int most,
         const std::function<void()>& meanwhile) {
  std::string burst;
  for (int i = 0; i < 100; ++i) burst += frame;
  std::string_view rest;
  int frames = 0;
  for (int stuck = 0; stuck < 20 && frames < most;) {
    if (rest.empty()) {
      rest = burst;
      frames += 100;
    }
    const std::size_t taken = peer.SendSome(rest);
    rest.remove_prefix(taken);
    stuck = taken == 0 ? stuck + 1 : 0;
    if (taken == 0) meanwhile();
  }
  return frames;
}

// --- malformed frames --------------------------------------------------------------------------

struct Malformed {
  const char* name;
  std::string bytes;
  const char* reason;
  bool ends = false;  // the peer sends no more
};

const Malformed kMalformed[] = {
    {"Oversize", "\x01\x00\x00\x01"s, "frame"},
    {"NegativeLength", "\xff\xff\xff\xf0"s, "negative"},
    {"ShorterThanItsHeader", "\x00\x00\x00\x04\x00\x00\x00\x09"s, "header"},
    {"UnknownForm", "\x00\x00\x00\x08\x07\x00\x00\x04xxxx"s, "form"},
    {"NotJson", "\x00\x00\x00\x08\x00\x00\x00\x04{no}"s, "JSON"},
    {"TruncatedBinary", "\x00\x00\x00\x08\x01\x00\x00\x04xxxx"s, "binary"},
    {"Tls", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, "TLS"},
    {"Http", "GET / HTTP/1.1\r\n\r\n"s, "HTTP"},
    {"CutOffInItsLength", "\x00\x00"s, "in the middle of a frame, 2 of at least 8 bytes", true},
    {"CutOffInItsBody", "\x00\x00\x00\x20\x01\x00\x00\x04xxxx"s,
     "in the middle of a frame, 12 of 36 bytes", true},
};

// The line about one kind of mishap comes at most once a second, so one peer may go unmentioned.
void ExpectClosedAndLogged(std::uint16_t port, const Malformed& sent) {
  const MonoTime end = SystemClock().Now() + net::kPatience;
  std::string log;
  while (log.empty() && SystemClock().Now() < end) {
    RawPeer bad(port);
    testing::internal::CaptureStderr();
    ASSERT_TRUE(bad.Send(sent.bytes));
    if (sent.ends) bad.EndSending();
    const bool closed = bad.ClosedByServer();
    log = testing::internal::GetCapturedStderr();
    ASSERT_TRUE(closed);
    if (log.empty()) continue;
    EXPECT_THAT(log, HasSubstr("closing " + bad.name() + ": "));
    EXPECT_THAT(log, HasSubstr(sent.reason));
  }
  EXPECT_FALSE(log.empty());
}

class MalformedFrame : public BrokerTest, public testing::WithParamInterface<Malformed> {};

TEST_P(MalformedFrame, ClosesItsConnectionToTheBrokerAndNoOther) {
  Start();
  Put("orders", "before");
  ExpectClosedAndLogged(broker_->port(), GetParam());
  EXPECT_EQ(Put("orders", "after"), 1);
}

TEST_P(MalformedFrame, ClosesItsConnectionToTheNameServerAndNoOther) {
  namesrv::NamesrvConfig config;
  config.bind_address = "127.0.0.1";
  config.listen_port = 0;
  config.kv_config_path = directory_ / "kvConfig.json";
  auto namesrv = namesrv::Namesrv::Start(config, files_, SystemClock()).Take();
  net::LoopGroup loops;
  loops.Start();
  std::atomic<int> states = 0;
  const auto good = net::Client::Create(loops, "127.0.0.1:" + std::to_string(namesrv->port()),
                                        {.on_state = [&](bool /*connected*/) {
                                          ++states;
                                        }});
  const auto ask = [&] {
    const auto answer =
        good->CallAndWait<wire::GetClusterInfo>({}, {}, {.timeout = std::chrono::seconds(30)});
    return answer.ok() && answer->operator->()->ok();
  };
  EXPECT_TRUE(ask());
  ExpectClosedAndLogged(namesrv->port(), GetParam());
  EXPECT_TRUE(ask());
  EXPECT_EQ(states, 1);  // connected once
  loops.Stop();
}

INSTANTIATE_TEST_SUITE_P(Each, MalformedFrame, testing::ValuesIn(kMalformed),
                         [](const auto& each) { return each.param.name; });

// --- peers that cost -----------------------------------------------------------------------------

class HostilePeer : public BrokerTest {
 protected:
  // What somebody who behaves sees: a send and a pull, and how long they took.
  void OthersAreServed() {
    const double seconds = SecondsOf([&] {
      const auto offset = Put("others", "message");
      EXPECT_EQ(Next("others", offset).body, "message");
    });
    EXPECT_LT(seconds, kPromptSeconds);
  }
  // Who waits behind a greedy peer waits for minutes.
  static constexpr double kPromptSeconds = kSanitized ? 30 : 10;
  static constexpr std::int64_t kMemoryMax = (kSanitized ? 80 : 48) << 20;
  // The log's own pages are in memory as well; of sanitized code also what each send has freed.
  static constexpr std::int64_t kLogBytesOfASend = kSanitized ? 1024 : 256;
};

TEST_F(HostilePeer, ThatReadsNoneOfItsPullsCostsLittle) {
  Start();
  for (int i = 0; i < 32; ++i) Put("orders", std::string(4000, 'x'));
  OthersAreServed();
  auto pull = PullFrom("orders", 0);
  pull.max_messages = 32;
  const std::string frame = FrameOf<wire::PullMessage>(pull);
  const std::int64_t threads = Threads(), memory = ResidentBytes();
  std::vector<std::unique_ptr<RawPeer>> greedy;
  for (int i = 0; i < 8; ++i) {
    greedy.push_back(std::make_unique<RawPeer>(broker_->port(), 16 << 10));
    const int sent = Pour(*greedy.back(), frame, 100'000, [&] { OthersAreServed(); });
    EXPECT_GE(sent, 1000);
    EXPECT_LT(sent, 100'000);  // it is no longer read
  }
  EXPECT_LT(ResidentBytes() - memory, kMemoryMax);
  EXPECT_EQ(Threads(), threads);
  OthersAreServed();
}

TEST_F(HostilePeer, ThatPipelinesAHundredThousandSendsGetsThemAllAnswered) {
  Start();
  const auto header = SendTo("orders");
  const std::string frame =
      FrameOf<wire::SendMessage>(header, std::string(100, 'x'), 310, wire::Spelling::kShort);
  OthersAreServed();
  const std::int64_t threads = Threads();
  RawPeer peer(broker_->port());
  std::string bytes;
  constexpr int kRequests = 100'000;
  for (int i = 0; i < kRequests; ++i) bytes += frame;
  MemoryPeak memory;
  std::thread sender([&] { EXPECT_TRUE(peer.Send(bytes)); });
  int accepted = 0, busy = 0;
  for (int i = 0; i < kRequests; ++i) {
    const auto reply = peer.Receive();
    if (!reply) break;
    (reply->code == 0 ? accepted : busy) += 1;
    if (i % 1000 == 0) memory.Look();
    if (i % 20'000 == 0) OthersAreServed();
  }
  sender.join();
  memory.Look();
  EXPECT_EQ(accepted + busy, kRequests);
  EXPECT_GT(accepted, 0);
  EXPECT_EQ(Threads(), threads);
  EXPECT_LT(memory.growth(), kMemoryMax + kLogBytesOfASend * kRequests);
}

TEST_F(HostilePeer, ThatReadsNoAnswerToItsSendsCostsLittle) {
  Start();
  const std::string frame = FrameOf<wire::SendMessage>(SendTo("orders"), std::string(100, 'x'), 310,
                                                       wire::Spelling::kShort);
  OthersAreServed();
  const std::int64_t threads = Threads();
  MemoryPeak memory;
  std::vector<std::unique_ptr<RawPeer>> deaf;
  std::int64_t sent = 0;
  for (int i = 0; i < 4; ++i) {
    constexpr int kMost = 500'000;
    deaf.push_back(std::make_unique<RawPeer>(broker_->port(), 16 << 10));
    const int poured = Pour(*deaf.back(), frame, kMost, [&] {
      memory.Look();
      OthersAreServed();
    });
    EXPECT_GE(poured, 1000);
    EXPECT_LT(poured, kMost);  // it is no longer read
    sent += poured;
  }
  memory.Look();
  EXPECT_LT(memory.growth(), kMemoryMax + kLogBytesOfASend * sent);
  EXPECT_EQ(Threads(), threads);
  OthersAreServed();
}

TEST_F(HostilePeer, ThatSendsAByteAtATimeIsClosedAndNobodyWaits) {
  options_.net.frame_timeout_s = 1;
  Start();
  const std::string frame = AskMaxOffset("orders");
  const std::int64_t threads = Threads();
  testing::internal::CaptureStderr();  // of lines of one kind one is told each second
  std::vector<std::unique_ptr<RawPeer>> slow;
  for (int i = 0; i < 300; ++i) {
    slow.push_back(std::make_unique<RawPeer>(broker_->port()));
    ASSERT_TRUE(slow.back()->Send(frame.substr(0, 1)));
  }
  OthersAreServed();
  EXPECT_EQ(Threads(), threads);
  for (auto& peer : slow) {
    peer->Send(frame.substr(1, 1));
    EXPECT_TRUE(peer->ClosedByServer());
  }
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr(": it took too long to complete a frame"));
  OthersAreServed();
}

TEST_F(HostilePeer, ThatOpensMoreConnectionsThanTheLimitLeavesTheOthersAlone) {
  options_.net.connections_per_loop_max = 100;
  options_.broker.loops = 1;
  Start();
  OthersAreServed();
  std::vector<std::unique_ptr<RawPeer>> many;
  for (int i = 0; i < 300; ++i) many.push_back(std::make_unique<RawPeer>(broker_->port()));
  for (std::size_t i = 200; i < many.size(); ++i) EXPECT_TRUE(many[i]->ClosedByServer());
  OthersAreServed();
  many.clear();
  // As many fit again as soon as the loop has seen the others go.
  const std::string frame = AskMaxOffset("others");
  bool served = false;
  const MonoTime end = SystemClock().Now() + net::kPatience;
  while (!served && SystemClock().Now() < end) {
    RawPeer late(broker_->port());
    served = late.Send(frame) && late.Receive().has_value();
  }
  EXPECT_TRUE(served);
}

TEST_F(HostilePeer, ThatParksThousandsOfPullsIsWokenByOneMessage) {
  Start();
  ASSERT_EQ(Put("orders", "first"), 0);
  OthersAreServed();
  auto pull = PullFrom("orders", 1);
  pull.sys_flag |= wire::pull_flag::kSuspend;
  pull.suspend_timeout_ms = 60'000;
  const std::string frame = FrameOf<wire::PullMessage>(pull);
  const std::int64_t threads = Threads();
  constexpr int kPulls = 30'000;
  std::string bytes;
  for (int i = 0; i < kPulls; ++i) bytes += frame;
  const std::int64_t memory = ResidentBytes();
  RawPeer peer(broker_->port());
  ASSERT_TRUE(peer.Send(bytes));
  OthersAreServed();
  EXPECT_EQ(Threads(), threads);
  EXPECT_LT(ResidentBytes() - memory, kMemoryMax);

  std::thread reader([&] {
    for (int i = 0; i < kPulls; ++i) {
      const auto reply = peer.Receive();
      ASSERT_TRUE(reply) << i;
      ASSERT_EQ(reply->code, 0) << reply->remark;
    }
  });
  EXPECT_EQ(Put("orders", "second"), 1);
  OthersAreServed();
  reader.join();
}

TEST_F(HostilePeer, ThatLeavesItsParkedPullsBehindTakesNobodysPlace) {
  Start();
  ASSERT_EQ(Put("orders", "first"), 0);
  auto pull = PullFrom("orders", 1);
  pull.sys_flag |= wire::pull_flag::kSuspend;
  pull.suspend_timeout_ms = 300'000;
  std::string bytes;
  for (int i = 0; i < 60'000; ++i) bytes += FrameOf<wire::PullMessage>(pull);
  for (int round = 0; round < 3; ++round) {
    RawPeer peer(broker_->port());
    ASSERT_TRUE(peer.Send(bytes + AskMaxOffset("orders")));
    ASSERT_TRUE(peer.Receive());
  }
  // One who waits now is not told at once that there is nothing.
  pull.suspend_timeout_ms = 300;
  const double seconds = SecondsOf([&] { Pull(pull); });
  EXPECT_GE(seconds, 0.3);
}

}  // namespace
}  // namespace comet::broker
