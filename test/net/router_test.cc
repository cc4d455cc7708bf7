#include "remoting/net/router.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "remoting/wire/response_code.h"
#include "test/net/net_fixture.h"

namespace comet::net {
namespace {

TEST(Router, AnswersAnUnknownCodeAsRocketMqDoes) {
  TestServer server;
  server.Start();
  RawPeer peer(server.port());
  ASSERT_TRUE(peer.Send(EchoFrame(5, {}, wire::HeaderForm::kJson, 9999)));
  const auto reply = peer.Receive();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->code, wire::ResponseCode::kRequestCodeNotSupported);
  EXPECT_EQ(reply->remark, " request type 9999 not supported");
  EXPECT_EQ(reply->opaque, 5);
}

TEST(Router, NamesTheFieldThatDoesNotDecode) {
  TestServer server;
  server.Start();
  RawPeer peer(server.port());
  wire::Head head;
  head.code = Echo::kCodes[0];
  head.ext.Add("number", "seven");
  std::string bytes;
  wire::AppendFrame(head, {}, &bytes);
  ASSERT_TRUE(peer.Send(bytes));
  const auto malformed = peer.Receive();
  ASSERT_TRUE(malformed);
  EXPECT_EQ(malformed->code, wire::ResponseCode::kSystemError);
  EXPECT_NE(malformed->remark.find("number"), std::string::npos);

  bytes.clear();
  head.ext.Clear();
  wire::AppendFrame(head, {}, &bytes);
  ASSERT_TRUE(peer.Send(bytes));
  const auto missing = peer.Receive();
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->code, wire::ResponseCode::kSystemError);
  EXPECT_NE(missing->remark.find("number"), std::string::npos);
}

TEST(Router, TellsTheHandlerWhoAsksAndWhatItSaid) {
  TestServer server;
  Handed<std::string> seen;
  server.Serve([&](const Odd::Header& header, const RequestContext& request, Responder&& reply) {
    EXPECT_EQ(header.number, 6);
    EXPECT_EQ(request.head.version, wire::kVersion);
    EXPECT_EQ(request.head.opaque, 6);
    EXPECT_EQ(request.body, "body");
    EXPECT_EQ(request.local.port, server.port());
    EXPECT_EQ(request.connection.loop, 0U);
    EXPECT_EQ(request.peer.ip().size(), 4U);
    seen.Put(request.peer.text);
    std::move(reply).Ok<Odd>({});
  });
  server.Start();
  RawPeer peer(server.port());
  ASSERT_TRUE(peer.Send(EchoFrame(6, "body", wire::HeaderForm::kBinary, 9002)));
  ASSERT_TRUE(peer.Receive());
  EXPECT_TRUE(seen.Get()->starts_with("127.0.0.1:"));
}

TEST(Router, RunsTheWorkerLaneInOrderAndOffTheLoop) {
  TestServer server;
  std::vector<std::int32_t> order;
  server.ServeOnWorker(
      [&](const Admin::Header& header, const RequestContext& request, Responder&& reply) {
        EXPECT_TRUE(server.worker.OnOwnerThread());
        order.push_back(header.number);
        std::move(reply).Ok<Admin>(header, request.body);
      });
  server.Start();
  RawPeer peer(server.port());
  for (const auto form : {wire::HeaderForm::kJson, wire::HeaderForm::kBinary}) {
    std::string bytes;
    for (int i = 0; i < 200; ++i) bytes += EchoFrame(i, std::to_string(i), form, 9003);
    ASSERT_TRUE(peer.Send(bytes));
    for (int i = 0; i < 200; ++i) {
      const auto reply = peer.Receive();
      ASSERT_TRUE(reply);
      ASSERT_EQ(reply->opaque, i);
      ASSERT_EQ(reply->form, form);
      ASSERT_EQ(reply->body, std::to_string(i));
    }
  }
  server.worker.Stop();
  ASSERT_EQ(order.size(), 400U);
  for (std::size_t i = 0; i < 400; ++i) EXPECT_EQ(order[i], static_cast<std::int32_t>(i % 200));
}

TEST(Router, AnswersBusyWhenTheWorkerHasTooMuchToDo) {
  LoopGroup group;
  group.Start();
  Worker worker("worker");
  Router router(&worker, SystemClock(), 3);
  Handed<bool> go_on;
  AdminHandler handler([](const Admin::Header&, const RequestContext&, Responder&& reply) {
    std::move(reply).Ok<Admin>({});
  });
  router.Add(handler);
  worker.Post([&] { EXPECT_TRUE(go_on.Get()); });
  auto server = Server::Listen(group, router, {.address = "127.0.0.1"}).Take();
  RawPeer peer(server->port());
  std::string bytes;
  for (int i = 0; i < 10; ++i) bytes += EchoFrame(i, {}, wire::HeaderForm::kBinary, 9003);
  ASSERT_TRUE(peer.Send(bytes));
  for (int i = 0; i < 7; ++i) {
    const auto reply = peer.Receive();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->code, wire::ResponseCode::kSystemBusy);
  }
  go_on.Put(true);
  for (int i = 0; i < 3; ++i) {
    const auto reply = peer.Receive();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->code, 0);
  }
  worker.Stop();
}

TEST(Router, CountsCallsAndBadHeadersByCode) {
  TestServer server;
  server.Start();
  RawPeer peer(server.port());
  for (int i = 0; i < 70; ++i) ASSERT_TRUE(peer.Send(EchoFrame(i)));
  wire::Head head;
  head.code = Echo::kCodes[0];
  std::string bytes;
  wire::AppendFrame(head, {}, &bytes);
  ASSERT_TRUE(peer.Send(bytes));
  for (int i = 0; i < 71; ++i) ASSERT_TRUE(peer.Receive());
  const auto uses = server.router.Use();
  ASSERT_EQ(uses.size(), 1U);
  EXPECT_EQ(uses[0].name, "ECHO");
  EXPECT_EQ(uses[0].calls, 71);
  EXPECT_EQ(uses[0].bad_headers, 1);
  EXPECT_EQ(uses[0].timed_calls, 2);
}

TEST(RouterDeathTest, RefusesASecondHandlerForACode) {
  Router router;
  EchoHandler one, two;
  router.Add(one);
  EXPECT_TRUE(router.Knows(9001));
  EXPECT_DEATH(router.Add(two), "check failed");
}

}  // namespace
}  // namespace comet::net
