#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "remoting/base/clock.h"
#include "remoting/net/call.h"
#include "remoting/net/loop_group.h"
#include "remoting/net/router.h"

namespace comet::net {

struct ClientOptions {
  wire::HeaderForm form = wire::HeaderForm::kJson;  // codes beyond 16 bits always go as JSON
  wire::Language language = wire::kClientLanguage;
  Duration connect_timeout = std::chrono::seconds(3);
  Duration backoff_min = std::chrono::milliseconds(100);  // after a failed connect; doubles
  Duration backoff_max = std::chrono::seconds(5);
  std::int32_t in_flight_max = 65535;  // calls beyond it end with kFull
  // The peer is taken for dead, and the connection closed, when a call has timed out on which
  // nothing has come for this long: behind a half-open connection nobody will ever answer.
  Duration silence_max = std::chrono::seconds(2);
  // Called on the loop while calls wait and nothing has come for `probe_after`: ask something that
  // is answered at once, so that a dead peer shows long before a long poll ends.
  Duration probe_after = std::chrono::seconds(5);
  std::function<void(const std::string& address)> probe = nullptr;
  // These too are used on the loop, and must live until the LoopGroup has stopped: see
  // Client::Close.
  const Router* router = nullptr;  // serves requests of the server; without: code 3
  std::function<void(bool connected)> on_state = nullptr;
};

// One peer: connects at the first call and again, with backoff, at the first call after the
// connection broke; matches answers to calls; times calls out.
// Calls may be made from any thread; callbacks run on the client's loop, exactly once each,
// and must not block it. Calls of one thread go out in their order.
class Client {
 public:
  // `address` is host:port. A bad address is what every call then reports.
  static std::shared_ptr<Client> Create(LoopGroup& group, std::string address,
                                        ClientOptions options = {});
  ~Client();  // closes, without waiting
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // done(StatusOr<Answer<R>>). Errors: kTimeout (no answer in time; connecting counts),
  // kUnavailable (cannot connect, or backing off), kClosed (connection broke; the request may have
  // been served), kFull, kCorruption (the reply's fields are not R::Reply's).
  template <wire::Request R, class Fn>
  void Call(const typename R::Header& header, std::string_view body, const CallOptions& options,
            Fn&& done) {
    Start<R>(header, body, options, 0, Decoding<R>(std::forward<Fn>(done)));
  }

  // Best effort: no answer, no error.
  template <wire::Request R>
  void CallOneway(const typename R::Header& header, std::string_view body = {},
                  const CallOptions& options = {}) {
    Start<R>(header, body, options, wire::kFlagOneway, nullptr);
  }

  // Blocks until the answer is there; never on a loop's thread.
  template <wire::Request R>
  StatusOr<OwnedAnswer<R>> CallAndWait(const typename R::Header& header, std::string_view body = {},
                                       const CallOptions& options = {}) {
    std::promise<StatusOr<OwnedAnswer<R>>> promise;
    auto future = promise.get_future();
    Start<R>(header, body, options, 0, [&promise](StatusOr<const wire::Frame*> frame) {
      promise.set_value(OwnedAnswer<R>::From(std::move(frame)));
    });
    return future.get();
  }

  // Ends all calls with kClosed and closes the connection; later calls end with kClosed too.
  // Any thread, a callback and a handler of this client included: it never waits. The loop does
  // the closing soon after, and until then calls may still be answered and requests of the server
  // be served. Whoever must know that no handler runs any more stops the LoopGroup.
  void Close();

  const std::string& address() const { return address_; }
  std::int32_t in_flight() const;  // calls without an outcome so far
  EventLoop& loop();

 private:
  class Core;  // lives on the loop

  Client(std::shared_ptr<Core> core, Clock& clock, std::string address,
         const ClientOptions& options);

  template <wire::Request R>
  void Start(const typename R::Header& header, std::string_view body, const CallOptions& options,
             std::int32_t flag, RawCallback done) {
    EncodedCall call;
    call.opaque = next_opaque_.fetch_add(1, std::memory_order_relaxed);
    call.oneway = flag == wire::kFlagOneway;
    call.deadline = clock_.Now() + options.timeout;
    call.done = std::move(done);
    const auto write = [&, opaque = call.opaque](std::string* out) {
      wire::Head head;
      head.form = form_;
      head.language = language_;
      head.opaque = opaque;
      head.flag = flag;
      EncodeRequest<R>(head, header, body, options, out);
    };
    Submit(call, RequestWriter(write), body.size());
  }
  void Submit(EncodedCall& call, const RequestWriter& write, std::size_t body_bytes);

  const std::shared_ptr<Core> core_;
  Clock& clock_;
  const std::string address_;
  const wire::HeaderForm form_;
  const wire::Language language_;
  std::atomic<std::int32_t> next_opaque_ = 0;
};

}  // namespace comet::net
