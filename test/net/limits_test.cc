// What a peer that means ill, or is broken, can cost: each limit of NetConfig.

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "remoting/net/io_loop.h"
#include "remoting/wire/response_code.h"
#include "test/net/net_fixture.h"

namespace comet::net {
namespace {

// A server whose clock only the test moves.
struct SlowTime {
  SlowTime() : server(Options()) {}
  LoopGroupOptions Options() {
    LoopGroupOptions options;
    options.clock = &clock;
    return options;
  }
  // In steps, so that every deadline on the way is seen at its time.
  void Pass(std::chrono::seconds time) {
    for (std::chrono::seconds gone{0}; gone < time; ++gone) {
      clock.Advance(std::chrono::seconds(1));
      server.OnLoop([] {});
    }
  }
  ManualClock clock;
  TestServer server;
};

TEST(Limits, AnIdlePeerIsClosedAndABusyOneIsNot) {
  SlowTime slow;
  slow.server.Start();
  RawPeer idle(slow.server.port()), busy(slow.server.port());
  ASSERT_TRUE(idle.Send(EchoFrame(1)));
  ASSERT_TRUE(idle.Receive());
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(busy.Send(EchoFrame(i)));
    ASSERT_TRUE(busy.Receive());
    EXPECT_EQ(slow.server.group.metrics().connections.Get(), 2);
    slow.Pass(std::chrono::seconds(29));
  }
  slow.Pass(std::chrono::seconds(6));
  EXPECT_TRUE(idle.ClosedByServer());
  ASSERT_TRUE(busy.Send(EchoFrame(9)));
  EXPECT_TRUE(busy.Receive());
  EXPECT_EQ(slow.server.group.metrics().overdue.Sum(), 1);
}

TEST(Limits, APeerThatTricklesAFrameIsClosed) {
  SlowTime slow;
  slow.server.Start();
  RawPeer peer(slow.server.port());
  ASSERT_TRUE(peer.Send(EchoFrame(1)));
  ASSERT_TRUE(peer.Receive());
  const std::string frame = EchoFrame(2, std::string(200, 'x'));
  int sent = 0;
  while (slow.server.group.metrics().connections.Get() == 1 && sent < 100) {
    peer.Send(frame.substr(static_cast<std::size_t>(sent++), 1));
    slow.Pass(std::chrono::seconds(1));
  }
  EXPECT_TRUE(peer.ClosedByServer());
  EXPECT_GE(sent, 29);
  EXPECT_LE(sent, 33);
}

TEST(Limits, ALargeFrameMayTakeLonger) {
  SlowTime slow;
  slow.server.Start();
  RawPeer peer(slow.server.port());
  const std::string frame = EchoFrame(1, std::string(4 << 20, 'x'));  // a minute more
  ASSERT_TRUE(peer.Send(frame.substr(0, 3 << 20)));
  slow.Pass(std::chrono::seconds(60));
  Handed<bool> sent;
  Worker sender("sender");
  sender.Post([&] { sent.Put(peer.Send(frame.substr(3 << 20))); });
  const auto reply = peer.Receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body.size(), std::size_t{4} << 20);
  EXPECT_EQ(sent.Get(), true);
}

TEST(Limits, AFrameCostsMemoryOnlyAsItArrives) {
  TestServer server;
  server.Start();
  std::vector<std::unique_ptr<RawPeer>> peers;
  const std::string frame = EchoFrame(1, std::string(15 << 20, 'x'));
  for (int i = 0; i < 50; ++i) {
    peers.push_back(std::make_unique<RawPeer>(server.port()));
    ASSERT_TRUE(peers.back()->Send(frame.substr(0, 1000)));
  }
  ASSERT_TRUE(server.Eventually([&] { return server.group.metrics().bytes_in.Sum() == 50'000; }));
  server.OnLoop([] {});
  EXPECT_LE(server.group.metrics().memory.Get(), 50 * 2000);
}

TEST(Limits, HalfReadFramesBeyondTheLoopsMemoryCloseTheirConnections) {
  LoopGroupOptions options;
  options.config.loop_memory_bytes = 8 << 20;
  TestServer server(options);
  server.Start();
  const std::string frame = EchoFrame(1, std::string(15 << 20, 'x'));
  std::vector<std::unique_ptr<RawPeer>> peers;
  for (int i = 0; i < 20; ++i) {
    peers.push_back(std::make_unique<RawPeer>(server.port()));
    peers.back()->Send(frame.substr(0, 1 << 20));
  }
  ASSERT_TRUE(server.Eventually([&] { return server.group.metrics().over_memory.Sum() >= 10; }));
  EXPECT_LE(server.group.metrics().memory.Get(), 10 << 20);
  RawPeer good(server.port());
  ASSERT_TRUE(good.Send(EchoFrame(7)));
  EXPECT_TRUE(good.Receive());
}

// Sends requests until the server does not take more, and returns how many went out.
int FloodUntilStuck(TestServer& server, RawPeer& peer, const std::string& request) {
  std::string rest;
  int sent = 0;
  for (int stuck = 0; stuck < 200;) {
    if (rest.empty()) {
      rest = request;
      ++sent;
    }
    const std::size_t taken = peer.SendSome(rest);
    rest.erase(0, taken);
    stuck = taken == 0 ? stuck + 1 : 0;
    if (taken == 0) server.OnLoop([] {});
  }
  return sent;
}

TEST(Limits, APeerThatReadsNothingStopsBeingRead) {
  TestServer server;
  server.Serve([](const Odd::Header&, const RequestContext&, Responder&& reply) {
    std::move(reply).Ok<Odd>({}, std::string(100'000, 'r'));
  });
  server.Start();
  RawPeer greedy(server.port(), 16 << 10);
  // Large enough that the kernel's buffers, which fill as well, hold few of them.
  const std::string request =
      EchoFrame(1, std::string(20'000, 'q'), wire::HeaderForm::kBinary, 9002);
  const int sent = FloodUntilStuck(server, greedy, request);
  auto& metrics = server.group.metrics();
  EXPECT_GE(metrics.reads_paused.Sum(), 1);
  EXPECT_GT(sent, 50);                       // 5 MB were asked for
  EXPECT_LT(metrics.memory.Get(), 3 << 20);  // and this is kept
  EXPECT_EQ(metrics.connections.Get(), 1);

  // Nobody else waits, and whoever reads again gets everything.
  RawPeer other(server.port());
  ASSERT_TRUE(other.Send(EchoFrame(2)));
  ASSERT_TRUE(other.Receive());
  for (int i = 0; i + 1 < sent; ++i) {
    const auto reply = greedy.Receive();
    ASSERT_TRUE(reply) << i << " of " << sent;
    ASSERT_EQ(reply->body.size(), 100'000U);
  }
}

TEST(Limits, RequestsWithoutAnswerStopTheReading) {
  LoopGroupOptions options;
  options.config.unanswered_max = 100;
  TestServer server(options);
  std::vector<Ticket> parked;  // the loop's
  server.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    parked.push_back(std::move(reply).Park());
  });
  server.Start();
  RawPeer peer(server.port());
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += EchoFrame(i, {}, wire::HeaderForm::kBinary, 9002);
  ASSERT_TRUE(peer.Send(bytes));
  int answered = 0;
  while (answered < 1000) {
    ASSERT_TRUE(server.Eventually([&] { return !parked.empty(); }));
    server.OnLoop([&] {
      EXPECT_LE(parked.size(), 100U);
      for (const Ticket& ticket : parked) std::move(server.group.Unpark(ticket)).Ok<Odd>({});
      parked.clear();
    });
    while (answered < 1000) {
      const auto reply = peer.Receive();
      ASSERT_TRUE(reply);
      ASSERT_EQ(reply->opaque, answered++);
      bool waiting = false;
      server.OnLoop([&] { waiting = !parked.empty(); });
      if (waiting) break;
    }
  }
}

TEST(Limits, RepliesBeyondTheHardLimitCloseTheConnection) {
  LoopGroupOptions options;
  options.config.output_limit_bytes = 4 << 20;
  TestServer server(options);
  std::vector<Ticket> parked;
  Tally served;
  server.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    parked.push_back(std::move(reply).Park());
    served.Add();
  });
  server.Start();
  RawPeer peer(server.port(), 16 << 10);
  std::string bytes;
  for (int i = 0; i < 500; ++i) bytes += EchoFrame(i, {}, wire::HeaderForm::kBinary, 9002);
  ASSERT_TRUE(peer.Send(bytes));
  ASSERT_TRUE(served.Reaches(500));
  server.OnLoop([&] {
    for (const Ticket& ticket : parked) {
      std::move(server.group.Unpark(ticket)).Ok<Odd>({}, std::string(100'000, 'r'));
    }
  });
  EXPECT_TRUE(peer.ClosedByServer());
  EXPECT_EQ(server.group.metrics().over_memory.Sum(), 1);
  server.OnLoop([] {});
  EXPECT_LE(server.group.metrics().memory.Get(), 1 << 20);
}

TEST(Limits, APeerThatNeverTakesItsRepliesIsClosed) {
  SlowTime slow;
  slow.server.Serve([](const Odd::Header&, const RequestContext&, Responder&& reply) {
    std::move(reply).Ok<Odd>({}, std::string(100'000, 'r'));
  });
  slow.server.Start();
  RawPeer greedy(slow.server.port(), 16 << 10);
  FloodUntilStuck(slow.server, greedy, EchoFrame(1, {}, wire::HeaderForm::kBinary, 9002));
  slow.Pass(std::chrono::seconds(121));
  EXPECT_EQ(slow.server.group.metrics().connections.Get(), 0);
  EXPECT_TRUE(greedy.ClosedByServer());
}

// Takes every descriptor that the process may still open.
class NoDescriptorsLeft {
 public:
  NoDescriptorsLeft() {
    getrlimit(RLIMIT_NOFILE, &before_);
    taken_.emplace_back(dup(0));
    rlimit few = before_;
    few.rlim_cur = static_cast<rlim_t>(taken_.back().get()) + 8;
    setrlimit(RLIMIT_NOFILE, &few);
    for (int taken = dup(0); taken >= 0; taken = dup(0)) taken_.emplace_back(taken);
  }
  ~NoDescriptorsLeft() { setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptorsLeft(const NoDescriptorsLeft&) = delete;
  NoDescriptorsLeft& operator=(const NoDescriptorsLeft&) = delete;

  void FreeOne() { taken_.pop_back(); }

 private:
  rlimit before_{};
  std::vector<Socket> taken_;
};

TEST(Limits, WithoutDescriptorsNobodyIsDisturbedAndTheNextPeerWaits) {
  TestServer server;
  server.Start();
  RawPeer good(server.port());
  ASSERT_TRUE(good.Send(EchoFrame(1)));
  ASSERT_TRUE(good.Receive());
  std::unique_ptr<RawPeer> waiting;
  {
    NoDescriptorsLeft none;
    none.FreeOne();
    waiting = std::make_unique<RawPeer>(server.port());  // has the last one
    ASSERT_TRUE(waiting->Send(EchoFrame(2)));
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(good.Send(EchoFrame(3)));
      ASSERT_TRUE(good.Receive());
    }
    EXPECT_EQ(server.group.metrics().connections.Get(), 1);
  }
  EXPECT_TRUE(waiting->Receive());
}

TEST(Limits, AHundredThousandPipelinedRequestsAreAllAnswered) {
  TestServer server;
  server.Start();
  RawPeer peer(server.port());
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += EchoFrame(i);
  Handed<bool> sent;
  Worker sender("sender");
  sender.Post([&] { sent.Put(peer.Send(bytes)); });
  std::int64_t most = 0;
  for (int i = 0; i < 100'000; ++i) {
    const auto reply = peer.Receive();
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->opaque, i);
    most = std::max(most, server.group.metrics().memory.Get());
  }
  EXPECT_EQ(sent.Get(), true);
  EXPECT_LT(most, 3 << 20);
}

}  // namespace
}  // namespace comet::net
