#pragma once

// A server on a loopback port and requests it serves.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "remoting/base/mutex.h"
#include "remoting/base/worker.h"
#include "remoting/net/client.h"
#include "remoting/net/loop_group.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/net/server.h"
#include "remoting/wire/frame.h"
#include "test/net/raw_peer.h"

namespace comet::net {

// Answers with what it was sent.
struct Echo {
  static constexpr std::string_view kName = "ECHO";
  static constexpr wire::Codes kCodes = {9001, 0, 0};
  struct Header {
    std::int32_t number = 0;
    std::string_view text = {};
    static constexpr auto Fields() {
      return Declaration{F(&Header::number, "number", Need::kRequired, "A number."),
                         F(&Header::text, "text", Need::kOptional, "A text.")};
    }
  };
  using Reply = Header;
};

// The same under another code, for handlers with a mind of their own.
struct Odd : Echo {
  static constexpr std::string_view kName = "ODD";
  static constexpr wire::Codes kCodes = {9002, 0, 0};
};
struct Admin : Echo {
  static constexpr std::string_view kName = "ADMIN";
  static constexpr wire::Codes kCodes = {9003, 0, 0};
};

class EchoHandler {
 public:
  using Request = Echo;
  static constexpr Lane kLane = Lane::kLoop;
  void Handle(const Echo::Header& header, const RequestContext& request, Responder reply) {
    std::move(reply).Ok<Echo>(header, request.body);
  }
};

template <class R, Lane L>
class Calling {
 public:
  using Request = R;
  static constexpr Lane kLane = L;
  using Fn =
      std::function<void(const typename R::Header&, const RequestContext&, Responder&& reply)>;
  explicit Calling(Fn fn) : fn_(std::move(fn)) {}
  void Handle(const typename R::Header& header, const RequestContext& request, Responder reply) {
    fn_(header, request, std::move(reply));
  }

 private:
  Fn fn_;
};
using OddHandler = Calling<Odd, Lane::kLoop>;
using AdminHandler = Calling<Admin, Lane::kWorker>;

// A value another thread hands over; waiting for it ends after kPatience.
template <class T>
class Handed {
 public:
  void Put(T value) {
    MutexLock lock(mutex_);
    value_.emplace(std::move(value));
    ready_.NotifyAll();
  }
  std::optional<T> Get(Duration patience = kPatience) {
    MutexLock lock(mutex_);
    while (!value_) {
      if (!ready_.WaitFor(mutex_, patience)) break;
    }
    return std::exchange(value_, std::nullopt);
  }

 private:
  Mutex mutex_;
  CondVar ready_;
  std::optional<T> value_ GUARDED_BY(mutex_);
};

// Counts what happens on other threads; waiting for a number ends after kPatience.
class Tally {
 public:
  void Add(std::int64_t n = 1) {
    MutexLock lock(mutex_);
    count_ += n;
    changed_.NotifyAll();
  }
  bool Reaches(std::int64_t n) {
    MutexLock lock(mutex_);
    while (count_ < n) {
      if (!changed_.WaitFor(mutex_, kPatience)) return false;
    }
    return true;
  }
  std::int64_t count() {
    MutexLock lock(mutex_);
    return count_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::int64_t count_ GUARDED_BY(mutex_) = 0;
};

std::string EchoFrame(std::int32_t opaque, std::string_view body = {},
                      wire::HeaderForm form = wire::HeaderForm::kBinary,
                      std::int32_t code = Echo::kCodes[0], std::int32_t flag = 0);

class TestServer {
 public:
  explicit TestServer(LoopGroupOptions options = {}, ServerOptions server = {});
  ~TestServer();

  OddHandler& Serve(OddHandler::Fn fn);  // code 9002, on the loop; before Start
  AdminHandler& ServeOnWorker(AdminHandler::Fn fn);
  TestServer& Start();

  std::uint16_t port() const { return server->port(); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port()); }
  // Runs fn on loop 0 and waits for it.
  void OnLoop(std::function<void()> fn);
  // Iterates until the condition, which runs on loop 0, holds; false after kPatience.
  bool Eventually(const std::function<bool()>& condition);

  LoopGroup group;
  Worker worker{"worker"};
  Router router{&worker};
  std::unique_ptr<Server> server;

 private:
  ServerOptions server_options_;
  EchoHandler echo_;
  std::unique_ptr<OddHandler> odd_;
  std::unique_ptr<AdminHandler> admin_;
};

}  // namespace comet::net
