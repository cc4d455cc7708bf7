#include "remoting/net/http_server.h"

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "remoting/net/acceptor.h"
#include "test/net/net_fixture.h"

namespace comet::net {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class HttpServerTest : public testing::Test {
 protected:
  HttpServerTest() : group_(WithClock(&clock_)) {
    group_.Start();
    options_.connections_max = 4;
    server_ = Listen(0).Take();
  }
  ~HttpServerTest() override {
    server_.reset();
    group_.Stop();
  }
  static LoopGroupOptions WithClock(Clock* clock) {
    LoopGroupOptions options;
    options.clock = clock;
    return options;
  }
  StatusOr<std::unique_ptr<HttpServer>> Listen(std::uint16_t port) {
    options_.port = port;
    HttpPage page{"/page", "text/test", [this] {
                    ++asked_;
                    return content_;
                  }};
    return HttpServer::Listen(group_, options_, {page, {"/other", "text/plain", [] {
                                                          return std::string("other");
                                                        }}});
  }
  RawPeer Connect(int receive_bytes = 0) { return RawPeer(server_->port(), receive_bytes); }
  std::string Ask(std::string_view request) {
    auto peer = Connect();
    EXPECT_TRUE(peer.Send(request));
    return peer.ReceiveAll();
  }
  std::string Get(std::string_view path) {
    return Ask(Concat("GET ", path, " HTTP/1.1\r\nHost: here\r\n\r\n"));
  }
  void LetPass(Duration time) {
    clock_.Advance(time);
    group_.Wake();
  }

  ManualClock clock_;
  LoopGroup group_;
  HttpServerOptions options_;
  std::string content_ = "the content\n";
  std::atomic<int> asked_ = 0;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, GivesAPageAndClosesTheConnection) {
  EXPECT_THAT(Get("/page"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Content-Type: text/test\r\n"),
                    HasSubstr("Content-Length: 12\r\n"), HasSubstr("Connection: close\r\n"),
                    EndsWith("\r\n\r\nthe content\n")));
  EXPECT_THAT(Get("/other"), EndsWith("\r\n\r\nother"));
  EXPECT_THAT(Get("/page?name=value"), EndsWith("the content\n"));
  EXPECT_THAT(Ask("GET /page HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
              EndsWith("the content\n"));
}

TEST_F(HttpServerTest, GivesPagesOfAnySize) {
  content_ = std::string(5'000'000, 'x');
  EXPECT_THAT(Get("/page").size(), testing::Gt(content_.size()));
}

TEST_F(HttpServerTest, TellsOfAPageWithoutItsContent) {
  EXPECT_THAT(Ask("HEAD /page HTTP/1.1\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Content-Length: 12\r\n"),
                    EndsWith("\r\n\r\n")));
}

TEST_F(HttpServerTest, KnowsNoOtherPath) {
  for (const auto* path : {"/", "/page/", "/pages", "/page%00", "//page", "/../page", "*", "x"}) {
    EXPECT_THAT(Get(path), StartsWith("HTTP/1.1 404 Not Found\r\n")) << path;
  }
  EXPECT_THAT(Get("/"), EndsWith("nothing is here, but at /page /other\n"));
  EXPECT_EQ(asked_, 0);
}

TEST_F(HttpServerTest, KnowsNoOtherMethod) {
  for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"}) {
    EXPECT_THAT(
        Ask(Concat(method, " /page HTTP/1.1\r\nContent-Length: 0\r\n\r\n")),
        AllOf(StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"), HasSubstr("Allow: GET, HEAD\r\n")))
        << method;
  }
  for (const auto* method : {"BREW", "get"}) {
    EXPECT_THAT(Ask(Concat(method, " /page HTTP/1.1\r\nContent-Length: 0\r\n\r\n")),
                StartsWith("HTTP/1.1 501 Not Implemented\r\n"))
        << method;
  }
  EXPECT_EQ(asked_, 0);
}

TEST_F(HttpServerTest, RefusesWhatIsNotHttp) {
  const std::string control("\x16\x03\x01\x00\xff\x01\r\n", 8);
  for (const std::string& bytes :
       {std::string("nonsense\r\n\r\n"), std::string("\r\n\r\n"), control,
        std::string("GET /page HTTP/2.0\r\n\r\n"), std::string("GET /page\r\n\r\n"),
        std::string("GET /page HTTP/1.1\r\nno colon here\r\n\r\n"),
        std::string("GET /page HTTP/1.1\r\nContent-Length: -5\r\n\r\n"),
        std::string("POST /page HTTP/1.1\r\nContent-Length: many\r\n\r\n")}) {
    EXPECT_THAT(Ask(bytes), StartsWith("HTTP/1.1 400 Bad Request\r\n")) << bytes;
  }
  EXPECT_EQ(asked_, 0);
}

TEST_F(HttpServerTest, RefusesLongHeadersAndBodies) {
  const std::string very_long(1 << 20, 'x');
  for (const auto& bytes :
       {Concat("GET /", very_long), Concat("GET /page HTTP/1.1\r\nA: ", very_long),
        Concat("POST /page HTTP/1.1\r\nContent-Length: 1048576\r\n\r\n", very_long),
        Concat("POST /page HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n", very_long)}) {
    auto peer = Connect();
    peer.Send(bytes);  // may not be taken to its end
    EXPECT_TRUE(peer.ClosedByServer()) << bytes.substr(0, 40);
  }
  std::string many = "GET /page HTTP/1.1\r\n";
  for (int i = 0; i < 4000; ++i) many += "A: b\r\n";
  EXPECT_THAT(Ask(many + "\r\n"), Not(HasSubstr("200 OK")));
  EXPECT_EQ(asked_, 0);
}

TEST_F(HttpServerTest, ServesOneRequestAConnection) {
  auto peer = Connect();
  std::string requests;
  for (int i = 0; i < 100; ++i) requests += "GET /page HTTP/1.1\r\n\r\n";
  ASSERT_TRUE(peer.Send(requests));
  EXPECT_TRUE(peer.ClosedByServer());
  EXPECT_EQ(asked_, 1);
}

TEST_F(HttpServerTest, ServesARequestThatComesByteByByte) {
  auto peer = Connect();
  for (const char c : std::string("GET /page HTTP/1.1\r\n\r\n")) ASSERT_TRUE(peer.Send({&c, 1}));
  EXPECT_THAT(peer.ReceiveAll(), EndsWith("the content\n"));
}

TEST_F(HttpServerTest, ClosesWhoNeverCompletesARequest) {
  auto silent = Connect(), slow = Connect();
  ASSERT_TRUE(slow.Send("GET /page HT"));
  EXPECT_THAT(Get("/page"), EndsWith("the content\n"));  // so both have been accepted
  LetPass(options_.connection_time);
  EXPECT_TRUE(silent.ClosedByServer());
  EXPECT_TRUE(slow.ClosedByServer());
  EXPECT_THAT(Get("/page"), EndsWith("the content\n"));
}

TEST_F(HttpServerTest, ClosesWhoNeverTakesItsReply) {
  content_ = std::string(16 << 20, 'x');
  auto lazy = Connect(4096);
  ASSERT_TRUE(lazy.Send("GET /page HTTP/1.1\r\n\r\n"));
  while (asked_ == 0) std::this_thread::yield();
  EXPECT_THAT(Get("/other"), EndsWith("other"));
  LetPass(options_.connection_time);
  EXPECT_THAT(Get("/other"), EndsWith("other"));
  EXPECT_THAT(lazy.ReceiveAll().size(), testing::Lt(content_.size()));
}

TEST_F(HttpServerTest, WhoeverComesInNumbersKeepsNobodyOut) {
  std::vector<RawPeer> crowd;
  for (int i = 0; i < 50; ++i) {
    crowd.push_back(Connect());
    crowd.back().Send("GET ");
  }
  EXPECT_THAT(Get("/page"), EndsWith("the content\n"));
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(crowd[static_cast<std::size_t>(i)].ClosedByServer());
}

TEST_F(HttpServerTest, WhoHasGoneLeavesNothingBehind) {
  const auto descriptors = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  const auto before = descriptors();
  for (const auto* sent : {"", "GET /pa", "GET /page HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n"}) {
    for (int i = 0; i < 15; ++i) {
      auto peer = Connect();
      ASSERT_TRUE(peer.Send(sent));
      if (i % 2 == 0) peer.Reset();
    }
  }
  EXPECT_THAT(Get("/page"), EndsWith("the content\n"));
  const auto until = SystemClock().Now() + kPatience;
  while (descriptors() > before && SystemClock().Now() < until) LetPass(options_.connection_time);
  EXPECT_EQ(descriptors(), before);
}

TEST_F(HttpServerTest, WaitsUntilThereAreDescriptorsAgain) {
  std::promise<void> go;
  group_.loop(0).Post([ready = go.get_future()] { ready.wait(); });
  auto peer = Connect();
  ASSERT_TRUE(peer.Send("GET /page HTTP/1.1\r\n\r\n"));
  rlimit usual{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &usual), 0);
  const int lowest_free = dup(0);
  close(lowest_free);
  rlimit none = usual;
  none.rlim_cur = static_cast<rlim_t>(lowest_free);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  go.set_value();
  for (int i = 0; i < 2; ++i) {  // an iteration between them looks at the port
    std::promise<void> passed;
    const auto done = passed.get_future();
    group_.loop(0).Post([passed = std::move(passed)]() mutable { passed.set_value(); });
    done.wait();
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &usual), 0);
  EXPECT_EQ(asked_, 0);
  LetPass(std::chrono::seconds(1));
  EXPECT_THAT(peer.ReceiveAll(), EndsWith("the content\n"));
}

TEST_F(HttpServerTest, ClosesOpenConnectionsWhenItStops) {
  content_ = std::string(16 << 20, 'x');
  auto silent = Connect(), slow = Connect(), lazy = Connect(4096);
  ASSERT_TRUE(slow.Send("GET /page HT"));
  ASSERT_TRUE(lazy.Send("GET /page HTTP/1.1\r\n\r\n"));
  while (asked_ == 0) std::this_thread::yield();
  const auto port = server_->port();
  server_->Stop();
  server_->Stop();
  EXPECT_TRUE(silent.ClosedByServer());
  EXPECT_TRUE(slow.ClosedByServer());
  EXPECT_TRUE(lazy.ClosedByServer());
  const auto free = ListenShared("127.0.0.1", port, 1, 1);
  EXPECT_TRUE(free.ok()) << free.error().ToString();
}

TEST_F(HttpServerTest, MayBeDestroyedWhenItsLoopHasEnded) {
  auto silent = Connect();
  EXPECT_THAT(Get("/page"), EndsWith("the content\n"));
  group_.Stop();
  server_.reset();
  EXPECT_TRUE(silent.ClosedByServer());
}

TEST_F(HttpServerTest, NamesAPortThatIsInUse) {
  const auto second = Listen(server_->port());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), Status::Code::kUnavailable);
  EXPECT_THAT(second.error().message(),
              HasSubstr(Concat("cannot bind to 127.0.0.1:", server_->port())));
}

}  // namespace
}  // namespace comet::net
