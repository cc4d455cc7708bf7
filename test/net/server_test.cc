#include "remoting/net/server.h"

#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "test/net/net_fixture.h"

namespace comet::net {
namespace {

TEST(Server, AnswersInTheFormOfTheRequest) {
  TestServer server;
  server.Start();
  RawPeer peer(server.port());
  for (const auto form : {wire::HeaderForm::kJson, wire::HeaderForm::kBinary}) {
    ASSERT_TRUE(peer.Send(EchoFrame(7, "hello", form)));
    const auto reply = peer.Receive();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->form, form);
    EXPECT_EQ(reply->code, 0);
    EXPECT_EQ(reply->opaque, 7);
    EXPECT_EQ(reply->flag, wire::kFlagReply);
    EXPECT_EQ(reply->number, "7");
    EXPECT_EQ(reply->text, "text");
    EXPECT_EQ(reply->body, "hello");
  }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  TestServer server;
  server.Start();
  RawPeer peer(server.port());
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += EchoFrame(i, std::string(100, 'x'));
  Handed<bool> sent;
  Worker sender("sender");
  sender.Post([&] { sent.Put(peer.Send(bytes)); });
  for (int i = 0; i < 5000; ++i) {
    const auto reply = peer.Receive();
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->opaque, i);
  }
  EXPECT_EQ(sent.Get(), true);
}

TEST(Server, AnswersAFrameThatComesByteByByte) {
  TestServer server;
  server.Start();
  RawPeer peer(server.port());
  const std::string frame = EchoFrame(1, "slow", wire::HeaderForm::kJson);
  for (const char c : frame) ASSERT_TRUE(peer.Send({&c, 1}));
  const auto reply = peer.Receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "slow");
}

TEST(Server, AnswersFramesLargerThanTheReadBuffer) {
  TestServer server;
  server.Start();
  RawPeer peer(server.port());
  for (const std::size_t size : {60'000U, 70'000U, 300'000U, 4'000'000U}) {
    std::string body(size, 'a');
    body.back() = 'z';
    Handed<bool> sent;
    Worker sender("sender");
    sender.Post([&] { sent.Put(peer.Send(EchoFrame(1, body) + EchoFrame(2, "next"))); });
    const auto reply = peer.Receive();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->body, body);
    EXPECT_EQ(peer.Receive()->body, "next");
    EXPECT_EQ(sent.Get(), true);
  }
}

TEST(Server, NeverAnswersAOnewayRequest) {
  TestServer server;
  server.Serve([](const Odd::Header&, const RequestContext&, Responder&& reply) {
    std::move(reply).Fail(1, "nobody hears this");
  });
  server.Start();
  RawPeer peer(server.port());
  ASSERT_TRUE(peer.Send(EchoFrame(1, "", wire::HeaderForm::kBinary, 9001, wire::kFlagOneway)));
  ASSERT_TRUE(peer.Send(EchoFrame(2, "", wire::HeaderForm::kBinary, 9002, wire::kFlagOneway)));
  ASSERT_TRUE(peer.Send(EchoFrame(3, "", wire::HeaderForm::kBinary, 4711, wire::kFlagOneway)));
  ASSERT_TRUE(peer.Send(EchoFrame(4)));
  EXPECT_EQ(peer.Receive()->opaque, 4);
}

struct Malformed {
  const char* name;
  std::string bytes;
};

class MalformedFrame : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedFrame, ClosesItsConnectionAndNoOther) {
  TestServer server;
  server.Start();
  RawPeer good(server.port());
  RawPeer bad(server.port());
  ASSERT_TRUE(bad.Send(EchoFrame(1)));
  ASSERT_TRUE(bad.Receive());
  ASSERT_TRUE(bad.Send(GetParam().bytes));
  EXPECT_TRUE(bad.ClosedByServer());
  ASSERT_TRUE(good.Send(EchoFrame(2)));
  EXPECT_EQ(good.Receive()->opaque, 2);
  EXPECT_EQ(server.group.metrics().malformed.Sum(), 1);
}

using std::string_literals::operator""s;
INSTANTIATE_TEST_SUITE_P(
    Each, MalformedFrame,
    testing::Values(Malformed{"Oversize", "\x01\x00\x00\x01"s},
                    Malformed{"NegativeLength", "\xff\xff\xff\xf0"s},
                    Malformed{"ShorterThanItsHeader", "\x00\x00\x00\x04\x00\x00\x00\x09"s},
                    Malformed{"LengthTooSmall", "\x00\x00\x00\x03\x00\x00\x00"s},
                    Malformed{"UnknownForm", "\x00\x00\x00\x08\x07\x00\x00\x04xxxx"s},
                    Malformed{"NotJson", "\x00\x00\x00\x08\x00\x00\x00\x04{no}"s},
                    Malformed{"TruncatedBinary", "\x00\x00\x00\x08\x01\x00\x00\x04xxxx"s},
                    Malformed{"Tls", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s},
                    Malformed{"Http", "GET / HTTP/1.1\r\n\r\n"s},
                    Malformed{"ProxyProtocol", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n"s}),
    [](const auto& each) { return each.param.name; });

TEST(Server, CountsAPeerThatEndsInTheMiddleOfAFrameAsMalformed) {
  for (const std::size_t body : {100U, 300'000U}) {  // in the loop's buffer, and collected
    for (const bool reset : {false, true}) {
      TestServer server;
      server.Start();
      RawPeer peer(server.port());
      const std::string bytes = EchoFrame(1) + EchoFrame(2, std::string(body, 'x'));
      const std::string_view sent = std::string_view(bytes).substr(0, bytes.size() - 10);
      ASSERT_TRUE(peer.Send(sent));
      const NetMetrics& metrics = server.group.metrics();
      const auto come = [&] {
        return metrics.bytes_in.Sum() == static_cast<std::int64_t>(sent.size());
      };
      ASSERT_TRUE(server.Eventually(come));  // a reset discards what was not read,
      ASSERT_TRUE(peer.Receive());           // and one before the answer makes its writing fail
      reset ? peer.Reset() : peer.EndSending();
      EXPECT_TRUE(server.Eventually([&] { return metrics.closed.Sum() == 1; }));
      EXPECT_EQ(metrics.malformed.Sum(), 1) << body << reset;
    }
  }
}

TEST(Server, CountsAPeerThatEndsBetweenTwoFramesAsWellBehaved) {
  TestServer server;
  server.Start();
  RawPeer peer(server.port());
  ASSERT_TRUE(peer.Send(EchoFrame(1)));
  peer.EndSending();
  EXPECT_TRUE(peer.Receive());
  EXPECT_TRUE(peer.ClosedByServer());
  EXPECT_EQ(server.group.metrics().malformed.Sum(), 0);
}

TEST(Server, AnswersWhatCameBeforeAMalformedFrame) {
  TestServer server;
  server.Start();
  RawPeer peer(server.port());
  ASSERT_TRUE(peer.Send(EchoFrame(1) + EchoFrame(2) + std::string("\xff\xff\xff\xff", 4)));
  EXPECT_EQ(peer.Receive()->opaque, 1);
  EXPECT_EQ(peer.Receive()->opaque, 2);
  EXPECT_TRUE(peer.ClosedByServer());
}

TEST(Server, TellsOfEveryConnectionOnceWhenItOpensAndOnceWhenItCloses) {
  Tally opened, closed;
  ServerOptions options;
  options.on_open = [&](ConnectionId, const Endpoint&) {
    opened.Add();
  };
  options.on_close = [&](ConnectionId, const Endpoint& peer) {
    EXPECT_TRUE(peer.text.starts_with("127.0.0.1:"));
    closed.Add();
  };
  TestServer server({}, options);
  server.Start();
  RawPeer leaves(server.port()), resets(server.port()), stays(server.port());
  ASSERT_TRUE(opened.Reaches(3));
  leaves.Close();
  resets.Reset();
  ASSERT_TRUE(closed.Reaches(2));
  server.server->Stop();
  EXPECT_EQ(closed.count(), 3);
  EXPECT_TRUE(stays.ClosedByServer());
}

TEST(Server, ServesAThousandConnectionsOnSeveralLoops) {
  LoopGroupOptions options;
  options.loops = 3;
  TestServer server(options);
  server.Start();
  std::vector<std::unique_ptr<RawPeer>> peers;
  for (int i = 0; i < 1000; ++i) peers.push_back(std::make_unique<RawPeer>(server.port()));
  for (int i = 0; i < 1000; ++i)
    ASSERT_TRUE(peers[static_cast<std::size_t>(i)]->Send(EchoFrame(i)));
  for (int i = 0; i < 1000; ++i) {
    const auto reply = peers[static_cast<std::size_t>(i)]->Receive();
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->opaque, i);
  }
  EXPECT_EQ(server.group.metrics().connections.Get(), 1000);
}

TEST(Server, NamesAPortThatIsInUseEvenByOneOfItsKind) {
  for (const std::size_t loops : {1U, 2U}) {
    LoopGroupOptions options;
    options.loops = loops;
    TestServer first(options);
    first.Start();
    LoopGroup group(options);
    group.Start();
    const auto second =
        Server::Listen(group, first.router, {.address = "127.0.0.1", .port = first.port()});
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code(), Status::Code::kUnavailable);
    EXPECT_NE(second.error().message().find(std::to_string(first.port())), std::string::npos);
  }
}

TEST(Server, ListensAgainOnAPortThatWasJustClosed) {
  TestServer first;
  first.Start();
  const auto port = first.port();
  RawPeer peer(port);
  ASSERT_TRUE(peer.Send(EchoFrame(1)));
  ASSERT_TRUE(peer.Receive());
  first.server->Stop();  // this side closes first, so the port is in TIME_WAIT
  auto again = Server::Listen(first.group, first.router, {.address = "127.0.0.1", .port = port});
  ASSERT_TRUE(again.ok());
}

TEST(Server, RefusesConnectionsBeyondItsLimit) {
  LoopGroupOptions options;
  options.config.connections_per_loop_max = 2;
  TestServer server(options);
  server.Start();
  RawPeer one(server.port()), two(server.port()), three(server.port());
  EXPECT_TRUE(three.ClosedByServer());
  ASSERT_TRUE(two.Send(EchoFrame(1)));
  EXPECT_TRUE(two.Receive());
  one.Close();
  ASSERT_TRUE(server.Eventually([&] { return server.group.metrics().connections.Get() == 1; }));
  RawPeer four(server.port());
  ASSERT_TRUE(four.Send(EchoFrame(4)));
  EXPECT_TRUE(four.Receive());
}

TEST(Server, LeavesAQuarterOfTheDescriptorsForFiles) {
  NetConfig config;
  config.connections_per_loop_max = 20'000;
  EXPECT_EQ(ConnectionsPerLoop(config, 1, 1024), 768);
  EXPECT_EQ(ConnectionsPerLoop(config, 3, 1024), 256);
  EXPECT_EQ(ConnectionsPerLoop(config, 1, 1'000'000), 20'000);
}

TEST(Server, OutlivesAPeerThatGoesWhileItIsSentAFile) {
  TestServer server;
  std::vector<Responder> held;
  server.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    held.push_back(std::move(reply));
  });
  server.Start();
  const std::string bytes(2 << 20, 'f');
  FILE* const file = std::tmpfile();
  ASSERT_EQ(std::fwrite(bytes.data(), 1, bytes.size(), file), bytes.size());
  std::fflush(file);
  RawPeer peer(server.port()), other(server.port());
  ASSERT_TRUE(peer.Send(EchoFrame(1, {}, wire::HeaderForm::kBinary, 9002)));
  ASSERT_TRUE(server.Eventually([&] { return !held.empty(); }));
  server.OnLoop([&] {
    peer.Reset();  // the loop learns of it when it writes
    const BodyPart parts[] = {{.bytes = bytes, .pin = nullptr, .descriptor = fileno(file)}};
    std::move(held.front()).Ok<Odd>({}, Body(parts));
    held.clear();
  });
  EXPECT_TRUE(server.Eventually([&] { return server.group.metrics().closed.Sum() == 1; }));
  ASSERT_TRUE(other.Send(EchoFrame(2)));
  EXPECT_TRUE(other.Receive());
  std::fclose(file);
}

TEST(Server, ClosesAConnectionOnDemand) {
  Handed<ConnectionId> opened;
  ServerOptions options;
  options.on_open = [&](ConnectionId id, const Endpoint&) {
    opened.Put(id);
  };
  TestServer server({}, options);
  server.Start();
  RawPeer peer(server.port());
  server.group.CloseConnection(*opened.Get(), "a test wants it");
  EXPECT_TRUE(peer.ClosedByServer());
}

}  // namespace
}  // namespace comet::net
