#include "test/net/net_fixture.h"

#include "remoting/base/check.h"

namespace comet::net {

std::string EchoFrame(std::int32_t opaque, std::string_view body, wire::HeaderForm form,
                      std::int32_t code, std::int32_t flag) {
  wire::Head head;
  head.form = form;
  head.code = code;
  head.opaque = opaque;
  head.flag = flag;
  std::string bytes;
  wire::AppendFrame(head, Echo::Header{opaque, "text"}, body, &bytes);
  return bytes;
}

TestServer::TestServer(LoopGroupOptions options, ServerOptions server_options)
    : group(std::move(options)), server_options_(std::move(server_options)) {
  server_options_.address = "127.0.0.1";
  router.Add(echo_);
}

TestServer::~TestServer() {
  if (server != nullptr) server->Stop();
  worker.Stop();
  group.Stop();
}

OddHandler& TestServer::Serve(OddHandler::Fn fn) {
  odd_ = std::make_unique<OddHandler>(std::move(fn));
  router.Add(*odd_);
  return *odd_;
}

AdminHandler& TestServer::ServeOnWorker(AdminHandler::Fn fn) {
  admin_ = std::make_unique<AdminHandler>(std::move(fn));
  router.Add(*admin_);
  return *admin_;
}

TestServer& TestServer::Start() {
  group.Start();
  auto listening = Server::Listen(group, router, server_options_);
  COMET_CHECK(listening.ok());
  server = listening.Take();
  return *this;
}

void TestServer::OnLoop(std::function<void()> fn) {
  Handed<bool> done;
  group.loop(0).Post([&] {
    fn();
    done.Put(true);
  });
  COMET_CHECK(done.Get().has_value());
}

bool TestServer::Eventually(const std::function<bool()>& condition) {
  const MonoTime end = SystemClock().Now() + kPatience;
  for (;;) {
    bool holds = false;
    OnLoop([&] { holds = condition(); });
    if (holds) return true;
    if (SystemClock().Now() > end) return false;
  }
}

}  // namespace comet::net
