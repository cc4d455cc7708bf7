#include "remoting/net/client.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "remoting/net/acceptor.h"
#include "remoting/net/client_pool.h"
#include "remoting/wire/response_code.h"
#include "test/net/net_fixture.h"

namespace comet::net {
namespace {

CallOptions Patient() {
  return {.timeout = kPatience};
}

// A port on which nothing listens: bound, so that nobody else gets it.
struct DeadPort {
  DeadPort() : socket(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    COMET_CHECK_EQ(bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
                   0);
    port = LocalEndpoint(socket.get()).port;
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port); }
  Socket socket;
  std::uint16_t port;
};

TEST(Client, GetsTheAnswerInEitherHeaderForm) {
  TestServer server;
  server.Start();
  for (const auto form : {wire::HeaderForm::kJson, wire::HeaderForm::kBinary}) {
    const auto client = Client::Create(server.group, server.address(), {.form = form});
    auto answer = client->CallAndWait<Echo>({.number = 5, .text = "a \"b\""}, "body", Patient());
    ASSERT_TRUE(answer.ok()) << answer.error().ToString();
    EXPECT_TRUE((*answer)->ok());
    EXPECT_EQ((*answer)->reply.number, 5);
    EXPECT_EQ((*answer)->reply.text, "a \"b\"");
    EXPECT_EQ((*answer)->body, "body");
    EXPECT_EQ((*answer)->version, wire::kVersion);
  }
}

TEST(Client, PassesOnCodeAndRemarkOfTheServer) {
  TestServer server;
  server.Serve([](const Odd::Header&, const RequestContext&, Responder&& reply) {
    std::move(reply).Fail(wire::ResponseCode::kTopicNotExist, "no such topic");
  });
  server.Start();
  const auto client = Client::Create(server.group, server.address());
  auto answer = client->CallAndWait<Odd>({.number = 1}, {}, Patient());
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ((*answer)->code, wire::ResponseCode::kTopicNotExist);
  EXPECT_EQ((*answer)->remark, "no such topic");
  EXPECT_FALSE((*answer)->has_reply);
}

TEST(Client, MatchesAnswersThatComeInAnotherOrder) {
  TestServer server;
  std::vector<std::pair<std::int32_t, Responder>> held;  // the loop's
  server.Serve([&](const Odd::Header& header, const RequestContext&, Responder&& reply) {
    held.emplace_back(header.number, std::move(reply));
    if (held.size() < 100) return;
    while (!held.empty()) {
      std::move(held.back().second).Ok<Odd>({.number = held.back().first, .text = ""});
      held.pop_back();
    }
  });
  server.Start();
  const auto client = Client::Create(server.group, server.address());
  Tally right;
  for (std::int32_t i = 0; i < 100; ++i) {
    client->Call<Odd>({.number = i}, {}, Patient(), [&, i](StatusOr<Answer<Odd>> answer) {
      if (answer.ok() && answer->reply.number == i) right.Add();
    });
  }
  EXPECT_TRUE(right.Reaches(100));
  EXPECT_EQ(client->in_flight(), 0);
}

TEST(Client, KeepsTheOrderOfOneThreadsCalls) {
  TestServer server;
  std::vector<std::int32_t> seen;
  Tally served;
  server.Serve([&](const Odd::Header& header, const RequestContext&, Responder&&) {
    seen.push_back(header.number);
    served.Add();
  });
  server.Start();
  const auto client = Client::Create(server.group, server.address());
  for (std::int32_t i = 0; i < 2000; ++i) client->CallOneway<Odd>({.number = i});
  ASSERT_TRUE(served.Reaches(2000));
  server.OnLoop([&] {
    for (std::int32_t i = 0; i < 2000; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], i);
  });
}

TEST(Client, TimesOutACallThatIsNotAnswered) {
  TestServer server;
  std::vector<Responder> held;
  server.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    held.push_back(std::move(reply));
  });
  server.Start();
  const auto client = Client::Create(server.group, server.address());
  const auto answer =
      client->CallAndWait<Odd>({.number = 1}, {}, {.timeout = std::chrono::milliseconds(30)});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code(), Status::Code::kTimeout);
  EXPECT_NE(answer.error().message().find(server.address()), std::string::npos);
  server.OnLoop([&] { held.clear(); });  // SYSTEM_BUSY comes too late, and harms nobody
  EXPECT_TRUE(client->CallAndWait<Echo>({.number = 1}, {}, Patient()).ok());
}

// A server that holds every call of one kind, and a client, both on a clock that the test moves.
struct SilentServer {
  SilentServer() : server(OnClock(&clock)) {
    server.Serve([this](const Odd::Header&, const RequestContext&, Responder&& reply) {
      held.push_back(std::move(reply));
      arrived.Add();
    });
    server.Start();
  }
  ~SilentServer() {
    server.OnLoop([&] { held.clear(); });
  }
  static LoopGroupOptions OnClock(Clock* clock) {
    LoopGroupOptions options;
    options.clock = clock;
    return options;
  }
  void Pass(Duration time) {
    clock.Advance(time);
    server.group.Wake();
    server.OnLoop([] {});  // due timers have run
  }

  ManualClock clock;
  std::vector<Responder> held;
  Tally arrived;
  TestServer server;
};

TEST(Client, GivesUpAConnectionOnWhichNothingComesWhileACallTimesOut) {
  SilentServer silent;
  const auto client = Client::Create(silent.server.group, silent.server.address(),
                                     {.silence_max = std::chrono::seconds(2)});
  Handed<Status::Code> impatient, patient;
  client->Call<Odd>({.number = 1}, {}, Patient(),
                    [&](StatusOr<Answer<Odd>> answer) { patient.Put(answer.error().code()); });
  client->Call<Odd>({.number = 2}, {}, {.timeout = std::chrono::seconds(3)},
                    [&](StatusOr<Answer<Odd>> answer) { impatient.Put(answer.error().code()); });
  ASSERT_TRUE(silent.arrived.Reaches(2));
  silent.Pass(std::chrono::milliseconds(3100));
  EXPECT_EQ(impatient.Get(), Status::Code::kTimeout);
  EXPECT_EQ(patient.Get(), Status::Code::kClosed);
}

TEST(Client, KeepsAConnectionThatTalksWhileACallTimesOut) {
  SilentServer silent;
  const auto client = Client::Create(silent.server.group, silent.server.address(),
                                     {.silence_max = std::chrono::seconds(2)});
  Handed<Status::Code> impatient;
  Handed<bool> patient;
  client->Call<Odd>({.number = 1}, {}, Patient(),
                    [&](StatusOr<Answer<Odd>> answer) { patient.Put(answer.ok()); });
  client->Call<Odd>({.number = 2}, {}, {.timeout = std::chrono::seconds(3)},
                    [&](StatusOr<Answer<Odd>> answer) { impatient.Put(answer.error().code()); });
  ASSERT_TRUE(silent.arrived.Reaches(2));
  silent.Pass(std::chrono::seconds(2));
  ASSERT_TRUE(client->CallAndWait<Echo>({.number = 3}, {}, Patient()).ok());
  silent.Pass(std::chrono::milliseconds(1100));
  EXPECT_EQ(impatient.Get(), Status::Code::kTimeout);
  silent.server.OnLoop([&] { std::move(silent.held.front()).Ok<Odd>({}); });
  EXPECT_EQ(patient.Get(), true);
}

TEST(Client, ProbesThePeerWhileCallsWaitInSilence) {
  SilentServer silent;
  Tally probes;
  const auto client = Client::Create(
      silent.server.group, silent.server.address(),
      {.probe_after = std::chrono::seconds(5), .probe = [&](const std::string& address) {
         EXPECT_EQ(address, silent.server.address());
         probes.Add();
       }});
  ASSERT_TRUE(client->CallAndWait<Echo>({.number = 1}, {}, Patient()).ok());
  silent.Pass(std::chrono::seconds(6));  // nobody waits for anything
  Handed<Status::Code> outcome;
  client->Call<Odd>({.number = 1}, {}, {.timeout = std::chrono::hours(1)},
                    [&](StatusOr<Answer<Odd>> answer) { outcome.Put(answer.error().code()); });
  ASSERT_TRUE(silent.arrived.Reaches(1));
  EXPECT_EQ(probes.count(), 0);
  silent.Pass(std::chrono::seconds(6));
  EXPECT_TRUE(probes.Reaches(1));
  silent.Pass(std::chrono::seconds(6));
  EXPECT_TRUE(probes.Reaches(2));
  client->Close();
  EXPECT_EQ(outcome.Get(), Status::Code::kClosed);
}

TEST(Client, FailsAllCallsWhenTheConnectionBreaks) {
  TestServer server;
  std::vector<Responder> held;
  Tally arrived;
  server.Serve([&](const Odd::Header&, const RequestContext& request, Responder&& reply) {
    held.push_back(std::move(reply));
    arrived.Add();
    if (held.size() == 10) server.group.CloseConnection(request.connection, "a test wants it");
  });
  server.Start();
  const auto client = Client::Create(server.group, server.address());
  Tally closed;
  for (int i = 0; i < 10; ++i) {
    client->Call<Odd>({.number = i}, {}, Patient(), [&](StatusOr<Answer<Odd>> answer) {
      if (!answer.ok() && answer.error().code() == Status::Code::kClosed) closed.Add();
    });
  }
  EXPECT_TRUE(closed.Reaches(10));
  server.OnLoop([&] { held.clear(); });
}

TEST(Client, FailsCallsInTheOrderInWhichTheyWereMade) {
  TestServer server;
  std::vector<Responder> held;
  server.Serve([&](const Odd::Header&, const RequestContext& request, Responder&& reply) {
    held.push_back(std::move(reply));
    if (held.size() == 100) server.group.CloseConnection(request.connection, "a test wants it");
  });
  server.Start();
  const auto client = Client::Create(server.group, server.address());
  std::vector<int> order;  // the loop's
  Tally closed;
  for (int i = 0; i < 100; ++i) {
    client->Call<Odd>({.number = i}, {}, Patient(), [&, i](const StatusOr<Answer<Odd>>&) {
      order.push_back(i);
      closed.Add();
    });
  }
  ASSERT_TRUE(closed.Reaches(100));
  server.OnLoop([&] {
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    held.clear();
  });
}

TEST(Client, ReadsAnswersWhileThePeerDoesNotReadItsRequests) {
  DeadPort port;
  ASSERT_EQ(::listen(port.socket.get(), 1), 0);
  LoopGroup group;
  group.Start();
  const auto client = Client::Create(group, port.address());
  Handed<bool> answered;
  const std::string large(1 << 20, 'x');
  client->Call<Echo>({.number = 1}, large, Patient(),
                     [&](StatusOr<Answer<Echo>> answer) { answered.Put(answer.ok()); });
  Socket peer(::accept(port.socket.get(), nullptr, nullptr));
  ASSERT_GE(peer.get(), 0);
  for (int i = 0; i < 12; ++i) client->CallOneway<Echo>({.number = 2}, large);
  const std::string reply = EchoFrame(0, {}, wire::HeaderForm::kBinary, 0, wire::kFlagReply);
  ASSERT_EQ(::send(peer.get(), reply.data(), reply.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(reply.size()));
  EXPECT_EQ(answered.Get(), true);
}

TEST(Client, ConnectsAgainAfterTheServerWasGone) {
  TestServer server;
  server.Start();
  const auto port = server.port();
  const auto client = Client::Create(
      server.group, server.address(),
      {.backoff_min = std::chrono::milliseconds(1), .backoff_max = std::chrono::milliseconds(2)});
  ASSERT_TRUE(client->CallAndWait<Echo>({.number = 1}, {}, Patient()).ok());
  server.server->Stop();
  const auto gone = client->CallAndWait<Echo>({.number = 2}, {}, Patient());
  ASSERT_FALSE(gone.ok());
  server.server =
      Server::Listen(server.group, server.router, {.address = "127.0.0.1", .port = port}).Take();
  const MonoTime end = SystemClock().Now() + kPatience;
  bool back = false;
  while (!back && SystemClock().Now() < end) {
    back = client->CallAndWait<Echo>({.number = 3}, {}, Patient()).ok();
  }
  EXPECT_TRUE(back);
}

TEST(Client, NamesThePeerItCannotReachAndThenBacksOff) {
  DeadPort dead;
  ManualClock clock;
  LoopGroupOptions options;
  options.clock = &clock;
  LoopGroup group(options);
  group.Start();
  const auto client = Client::Create(group, dead.address());
  for (int i = 0; i < 2; ++i) {  // the second is within the backoff
    const auto answer = client->CallAndWait<Echo>({.number = 1});
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code(), Status::Code::kUnavailable);
    EXPECT_NE(answer.error().message().find(dead.address()), std::string::npos);
  }
}

TEST(Client, ReportsAnAddressThatIsNone) {
  LoopGroup group;
  group.Start();
  const auto client = Client::Create(group, "not an address");
  const auto answer = client->CallAndWait<Echo>({.number = 1});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code(), Status::Code::kUnavailable);
}

TEST(Client, FindsHostsByName) {
  TestServer server;
  server.Start();
  const auto client = Client::Create(server.group, "localhost:" + std::to_string(server.port()));
  const auto answer = client->CallAndWait<Echo>({.number = 1}, {}, Patient());
  EXPECT_TRUE(answer.ok()) << answer.error().ToString();
}

TEST(Client, RefusesCallsBeyondItsLimit) {
  TestServer server;
  std::vector<Responder> held;
  server.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    held.push_back(std::move(reply));
  });
  server.Start();
  const auto client = Client::Create(server.group, server.address(), {.in_flight_max = 10});
  Tally full;
  for (int i = 0; i < 30; ++i) {
    client->Call<Odd>({.number = i}, {}, Patient(), [&](StatusOr<Answer<Odd>> answer) {
      if (!answer.ok() && answer.error().code() == Status::Code::kFull) full.Add();
    });
  }
  EXPECT_TRUE(full.Reaches(20));
  EXPECT_EQ(client->in_flight(), 10);
  EXPECT_TRUE(server.Eventually([&] { return held.size() == 10; }));
  server.OnLoop([&] { held.clear(); });
  EXPECT_TRUE(server.Eventually([&] { return client->in_flight() == 0; }));
  EXPECT_EQ(full.count(), 20);
}

TEST(Client, EndsCallsWhenItIsClosedAndRefusesLaterOnes) {
  TestServer server;
  std::vector<Responder> held;
  Tally arrived;
  server.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    held.push_back(std::move(reply));
    arrived.Add();
  });
  server.Start();
  const auto client = Client::Create(server.group, server.address());
  Handed<Status::Code> outcome;
  client->Call<Odd>({.number = 1}, {}, Patient(),
                    [&](StatusOr<Answer<Odd>> answer) { outcome.Put(answer.error().code()); });
  ASSERT_TRUE(arrived.Reaches(1));
  client->Close();
  EXPECT_EQ(outcome.Get(), Status::Code::kClosed);
  const auto later = client->CallAndWait<Echo>({.number = 1});
  ASSERT_FALSE(later.ok());
  EXPECT_EQ(later.error().code(), Status::Code::kClosed);
  server.OnLoop([&] { held.clear(); });
}

TEST(Client, LeavesNothingOnItsLoopWhenItIsFirstCalledAfterItsEnd) {
  DeadPort dead;
  LoopGroup group;
  group.Start();
  {
    const auto client = Client::Create(group, dead.address());
    client->Close();
    const auto answer = client->CallAndWait<Echo>({.number = 1}, {}, Patient());
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code(), Status::Code::kClosed);
  }
  group.Stop();  // calls whatever is still on the loop
}

TEST(Client, EndsEveryCallWhenTheLoopsStop) {
  TestServer server;
  std::vector<Responder> held;
  Tally arrived, ended;
  server.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    held.push_back(std::move(reply));
    arrived.Add();
  });
  server.Start();
  DeadPort dead;
  LoopGroup group;
  group.Start();
  const auto client = Client::Create(group, server.address());
  const auto count = [&](auto answer) {
    EXPECT_FALSE(answer.ok());
    ended.Add();
  };
  client->Call<Odd>({.number = 1}, {}, Patient(), count);
  ASSERT_TRUE(arrived.Reaches(1));
  group.Stop();
  client->Call<Odd>({.number = 2}, {}, Patient(), count);
  EXPECT_TRUE(ended.Reaches(2));
  server.OnLoop([&] { held.clear(); });
}

TEST(Client, ServesRequestsOfTheServerUntilItIsClosed) {
  Handed<ConnectionId> closed;
  TestServer server({}, {.on_close = [&](ConnectionId id, const Endpoint& /*peer*/) {
                      closed.Put(id);
                    }});
  Handed<ConnectionId> caller;
  server.Serve([&](const Odd::Header&, const RequestContext& request, Responder&& reply) {
    std::move(reply).Ok<Odd>({});
    caller.Put(request.connection);
  });
  server.Start();
  Router client_router;
  EchoHandler echo;
  client_router.Add(echo);
  LoopGroup client_group;
  client_group.Start();
  const auto client = Client::Create(client_group, server.address(), {.router = &client_router});
  ASSERT_TRUE(client->CallAndWait<Odd>({.number = 1}, {}, Patient()).ok());
  const ConnectionId id = *caller.Get();

  Handed<std::string> answered;
  server.group.Call<Echo>(
      id, {.number = 9}, "to the client", Patient(), [&](StatusOr<Answer<Echo>> answer) {
        answered.Put(answer.ok() ? std::string(answer->body) : answer.error().ToString());
      });
  EXPECT_EQ(answered.Get(), "to the client");

  client->Close();
  EXPECT_EQ(closed.Get(), id);
  Handed<Status::Code> gone;
  const auto report = [&](StatusOr<Answer<Echo>> answer) {
    gone.Put(answer.ok() ? Status::Code::kOk : answer.error().code());
  };
  server.group.Call<Echo>(id, {.number = 9}, {}, Patient(), report);
  EXPECT_EQ(gone.Get(), Status::Code::kClosed);
}

TEST(Client, MayBeClosedByItsOwnHandlerAndCallback) {
  TestServer server;
  Handed<Status::Code> told;
  server.Serve([&](const Odd::Header& header, const RequestContext& request, Responder&& reply) {
    if (header.number == 2) return std::move(reply).Ok<Odd>({});
    server.group.Call<Odd>(request.connection, {.number = 2}, {}, Patient(),
                           [&, held = std::move(reply)](StatusOr<Answer<Odd>> answer) mutable {
                             told.Put(answer.ok() ? Status::Code::kOk : answer.error().code());
                             std::move(held).Ok<Odd>({});
                           });
  });
  server.Start();
  std::shared_ptr<Client> client;
  Router client_router;
  OddHandler closes([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    client->Close();
    std::move(reply).Ok<Odd>({});
  });
  client_router.Add(closes);
  LoopGroup group;
  group.Start();

  client = Client::Create(group, server.address(), {.router = &client_router});
  Handed<Status::Code> ended;
  client->Call<Odd>({.number = 1}, {}, Patient(),
                    [&](StatusOr<Answer<Odd>> answer) { ended.Put(answer.error().code()); });
  EXPECT_EQ(ended.Get(), Status::Code::kClosed);
  EXPECT_EQ(told.Get(), Status::Code::kOk);  // what was answered before the end is still sent

  client = Client::Create(group, server.address());
  group.loop(0).Post([&] {
    client->Call<Echo>({.number = 1}, {}, Patient(), [&](StatusOr<Answer<Echo>> answer) {
      client.reset();
      ended.Put(answer.ok() ? Status::Code::kOk : answer.error().code());
    });
  });
  EXPECT_EQ(ended.Get(), Status::Code::kOk);
  group.Stop();
}

TEST(Client, RefusesRequestsOfTheServerWithoutARouter) {
  TestServer server;
  Handed<ConnectionId> caller;
  server.Serve([&](const Odd::Header&, const RequestContext& request, Responder&& reply) {
    std::move(reply).Ok<Odd>({});
    caller.Put(request.connection);
  });
  server.Start();
  const auto client = Client::Create(server.group, server.address());
  ASSERT_TRUE(client->CallAndWait<Odd>({.number = 1}, {}, Patient()).ok());
  Handed<std::int32_t> code;
  server.group.Call<Echo>(
      *caller.Get(), {.number = 1}, {}, Patient(),
      [&](StatusOr<Answer<Echo>> answer) { code.Put(answer.ok() ? answer->code : -1); });
  EXPECT_EQ(code.Get(), wire::ResponseCode::kRequestCodeNotSupported);
}

TEST(ClientPool, HasOneClientForAnAddress) {
  TestServer server;
  server.Start();
  ClientPool pool(server.group, {});
  const auto client = pool.Get(server.address());
  EXPECT_EQ(pool.Get(server.address()), client);
  EXPECT_TRUE(client->CallAndWait<Echo>({.number = 1}, {}, Patient()).ok());
  EXPECT_EQ(pool.Addresses(), std::vector<std::string>{server.address()});
  pool.Close(server.address());
  EXPECT_NE(pool.Get(server.address()), client);
  EXPECT_FALSE(client->CallAndWait<Echo>({.number = 1}, {}, Patient()).ok());
}

}  // namespace
}  // namespace comet::net
