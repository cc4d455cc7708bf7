#include "remoting/net/responder.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "remoting/wire/response_code.h"
#include "test/net/net_fixture.h"

namespace comet::net {
namespace {

std::string OddFrame(std::int32_t opaque) {
  return EchoFrame(opaque, {}, wire::HeaderForm::kBinary, Odd::kCodes[0]);
}

TEST(Responder, AnswersSystemBusyWhenItIsDestroyedUnanswered) {
  TestServer server;
  server.Serve([](const Odd::Header&, const RequestContext&, Responder&&) {});
  server.Start();
  RawPeer peer(server.port());
  ASSERT_TRUE(peer.Send(OddFrame(3)));
  const auto reply = peer.Receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->code, wire::ResponseCode::kSystemBusy);
  EXPECT_EQ(reply->opaque, 3);
}

TEST(Responder, AnswersAParkedRequestOnceByItsTicket) {
  TestServer server;
  Handed<Ticket> parked;
  server.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    parked.Put(std::move(reply).Park());
  });
  server.Start();
  RawPeer peer(server.port());
  ASSERT_TRUE(peer.Send(OddFrame(8)));
  const Ticket ticket = *parked.Get();
  server.OnLoop([&] {
    Responder reply = server.group.Unpark(ticket);
    EXPECT_TRUE(reply);
    EXPECT_FALSE(server.group.Unpark(ticket));
    std::move(reply).Ok<Odd>({.number = 4, .text = ""}, "late");
  });
  const auto reply = peer.Receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->opaque, 8);
  EXPECT_EQ(reply->body, "late");
}

TEST(Responder, DoesNotAnswerATicketWhosePeerIsGone) {
  Tally closed;
  ServerOptions options;
  options.on_close = [&](ConnectionId, const Endpoint&) {
    closed.Add();
  };
  TestServer hooked({}, options);
  Handed<Ticket> parked;
  hooked.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    parked.Put(std::move(reply).Park());
  });
  hooked.Start();
  RawPeer leaves(hooked.port());
  ASSERT_TRUE(leaves.Send(OddFrame(1)));
  const Ticket first = *parked.Get();
  leaves.Reset();
  ASSERT_TRUE(closed.Reaches(1));

  // The next peer gets the place of the one that left, and must not get its answer.
  RawPeer next(hooked.port());
  ASSERT_TRUE(next.Send(EchoFrame(1)));
  ASSERT_TRUE(next.Receive());
  hooked.OnLoop([&] { EXPECT_FALSE(hooked.group.Unpark(first)); });
  ASSERT_TRUE(next.Send(OddFrame(2)));
  const Ticket second = *parked.Get();
  EXPECT_NE(second, first);
  hooked.OnLoop([&] {
    std::move(hooked.group.Unpark(first)).Ok<Odd>({});
    std::move(hooked.group.Unpark(second)).Ok<Odd>({});
  });
  EXPECT_EQ(next.Receive()->opaque, 2);
}

TEST(Responder, GivesAOnewayRequestATicketOfNobody) {
  TestServer server;
  Handed<Ticket> parked;
  server.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    parked.Put(std::move(reply).Park());
  });
  server.Start();
  RawPeer peer(server.port());
  ASSERT_TRUE(peer.Send(EchoFrame(1, {}, wire::HeaderForm::kBinary, 9002, wire::kFlagOneway)));
  EXPECT_EQ(*parked.Get(), Ticket{});
  EXPECT_FALSE(server.group.Unpark(Ticket{}));
}

TEST(Responder, AnswersFromAnotherThread) {
  TestServer server;
  server.Serve([&](const Odd::Header& header, const RequestContext&, Responder&& reply) {
    server.worker.Post([number = header.number, reply = std::move(reply)]() mutable {
      std::move(reply).Ok<Odd>({.number = number, .text = "from afar"}, std::string(20'000, 'y'));
    });
  });
  server.Start();
  RawPeer peer(server.port());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(peer.Send(OddFrame(i)));
  for (int i = 0; i < 100; ++i) {
    const auto reply = peer.Receive();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->opaque, i);
    EXPECT_EQ(reply->text, "from afar");
    EXPECT_EQ(reply->body, std::string(20'000, 'y'));
  }
}

TEST(Responder, AnswersFromAnotherThreadWhileThePeerLeaves) {
  Tally closed, answered;
  ServerOptions options;
  options.on_close = [&](ConnectionId, const Endpoint&) {
    closed.Add();
  };
  TestServer server({}, options);
  server.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    server.worker.Post([&answered, reply = std::move(reply)]() mutable {
      std::move(reply).Ok<Odd>({});
      answered.Add();
    });
  });
  server.Start();
  for (int i = 0; i < 50; ++i) {
    RawPeer peer(server.port());
    std::string burst;
    for (int k = 0; k < 20; ++k) burst += OddFrame(k);
    ASSERT_TRUE(peer.Send(burst));
    ASSERT_TRUE(peer.Receive());
    peer.Reset();
  }
  EXPECT_TRUE(closed.Reaches(50));
  RawPeer last(server.port());
  ASSERT_TRUE(last.Send(EchoFrame(1)));
  EXPECT_TRUE(last.Receive());
}

TEST(Responder, SendsPartsOfEverySizeAndKeepsTheirPinsUntilTheyAreSent) {
  // Copied, referred to, and sent by sendfile from the file itself.
  std::string content;
  for (int i = 0; content.size() < 1'000'000; ++i) content += std::to_string(i) + ",";
  FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  ASSERT_EQ(std::fwrite(content.data(), 1, content.size(), file), content.size());
  std::fflush(file);
  std::weak_ptr<const std::string> alive;
  TestServer server;
  server.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    const auto pin = std::make_shared<const std::string>(content);
    alive = pin;
    std::vector<BodyPart> parts;
    std::size_t at = 0;
    for (const std::size_t size : {10U, 5'000U, 60'000U, 400'000U, 17U, 300'000U}) {
      parts.push_back({std::string_view(*pin).substr(at, size), pin, fileno(file), at});
      at += size;
    }
    std::move(reply).Ok<Odd>({}, std::span<const BodyPart>(parts));
  });
  server.Start();
  RawPeer peer(server.port());
  ASSERT_TRUE(peer.Send(OddFrame(1) + EchoFrame(2)));
  const auto reply = peer.Receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, content.substr(0, 765'027));
  EXPECT_EQ(peer.Receive()->opaque, 2);
  EXPECT_TRUE(server.Eventually([&] { return alive.expired(); }));
  std::fclose(file);
}

TEST(Responder, SendsACodeWithFields) {
  TestServer server;
  server.Serve([&](const Odd::Header&, const RequestContext&, Responder&& reply) {
    std::move(reply).Reply<Odd>({wire::ResponseCode::kPullNotFound, "nothing new"},
                                {.number = 77, .text = ""});
  });
  server.Start();
  RawPeer peer(server.port());
  ASSERT_TRUE(peer.Send(OddFrame(1)));
  const auto reply = peer.Receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->code, wire::ResponseCode::kPullNotFound);
  EXPECT_EQ(reply->remark, "nothing new");
  EXPECT_EQ(reply->number, "77");
}

}  // namespace
}  // namespace comet::net
