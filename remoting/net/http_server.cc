#include "remoting/net/http_server.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <future>
#include <string_view>
#include <system_error>
#include <utility>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "remoting/base/check.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/net/acceptor.h"
#include "remoting/net/event_loop.h"

namespace comet::net {
namespace {

constexpr int kBacklog = 64;
constexpr ev_ssize_t kHeaderBytesMax = 8 << 10;
constexpr ev_ssize_t kBodyBytesMax = 8 << 10;
constexpr std::size_t kUnreadBytesMax = 64 << 10;  // more than the two above together
// That libevent has a value for, so that we answer, with 405. It answers 501 to all others.
constexpr ev_uint16_t kMethods = EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD |
                                 EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS |
                                 EVHTTP_REQ_TRACE | EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH;
constexpr auto kTick = std::chrono::seconds(1);
constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

struct HttpDeleter {
  void operator()(evhttp* http) const { evhttp_free(http); }
};

struct Reply {
  int code;
  const char* reason;
  std::string_view type;
  std::string body;
};

void Send(evhttp_request* request, const Reply& reply) {
  auto* headers = evhttp_request_get_output_headers(request);
  evhttp_add_header(headers, "Content-Type", std::string(reply.type).c_str());
  evhttp_add_header(headers, "Content-Length", Concat(reply.body.size()).c_str());
  evhttp_add_header(headers, "Connection", "close");
  if (reply.code == HTTP_BADMETHOD) evhttp_add_header(headers, "Allow", "GET, HEAD");
  if (evhttp_request_get_command(request) != EVHTTP_REQ_HEAD) {
    evbuffer_add(evhttp_request_get_output_buffer(request), reply.body.data(), reply.body.size());
  }
  evhttp_send_reply(request, reply.code, reply.reason, nullptr);
}

// Runs fn on the loop and waits; a loop that has ended drops it, which ends the wait as well.
template <class Fn>
void OnLoop(EventLoop& loop, Fn fn) {
  COMET_CHECK(!loop.OnOwnerThread());
  std::promise<void> promise;
  const auto done = promise.get_future();
  loop.Post([&fn, promise = std::move(promise)]() mutable {
    fn();
    promise.set_value();
  });
  done.wait();
}

std::string_view PathOf(const evhttp_request* request) {
  const auto* uri = evhttp_request_get_evhttp_uri(request);
  const char* path = uri == nullptr ? nullptr : evhttp_uri_get_path(uri);
  return path == nullptr ? std::string_view() : path;
}

}  // namespace

// The loop's thread, unless the loop has ended.
class HttpServer::Shared : public std::enable_shared_from_this<HttpServer::Shared> {
 public:
  Shared(EventLoop& loop, const HttpServerOptions& options, std::vector<HttpPage> pages)
      : loop_(loop), options_(options), pages_(std::move(pages)) {}
  ~Shared() { Close(); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  void Open(Socket listener);
  void Close();

 private:
  // libevent tells nobody when a connection ends, so each is held by a reference of ours as well.
  struct Held {
    bufferevent* stream;
    MonoTime until;
    bool cut = false;
  };

  bufferevent* Begin();
  void Answer(evhttp_request* request);
  Reply ReplyTo(const evhttp_request* request) const;
  void ReleaseEnded();
  void Tick();
  static void Cut(Held* one);

  EventLoop& loop_;
  const HttpServerOptions options_;
  const std::vector<HttpPage> pages_;
  std::unique_ptr<evhttp, HttpDeleter> http_;
  evconnlistener* listener_ = nullptr;  // http_'s
  std::deque<Held> held_;               // in the order they came
  Executor::TimerId tick_timer_ = 0;
};

void HttpServer::Shared::Open(Socket listener) {
  http_.reset(evhttp_new(loop_.base()));
  COMET_CHECK(http_ != nullptr);
  evhttp_set_max_headers_size(http_.get(), kHeaderBytesMax);
  evhttp_set_max_body_size(http_.get(), kBodyBytesMax);
  evhttp_set_allowed_methods(http_.get(), kMethods);
  const auto begin = [](event_base*, void* self) {
    return static_cast<Shared*>(self)->Begin();
  };
  const auto answer = [](evhttp_request* request, void* self) {
    static_cast<Shared*>(self)->Answer(request);
  };
  evhttp_set_bevcb(http_.get(), begin, this);
  evhttp_set_gencb(http_.get(), answer, this);
  auto* const bound = evhttp_accept_socket_with_handle(http_.get(), listener.get());
  COMET_CHECK(bound != nullptr);
  listener.Release();
  listener_ = evhttp_bound_socket_get_listener(bound);
  // Until the next tick: trying again at once would find no descriptor either.
  evconnlistener_set_error_cb(listener_, [](evconnlistener* failed, void* /*http*/) {
    LOG_WARN_LIMITED << "cannot accept HTTP connections: "
                     << std::generic_category().message(errno);
    evconnlistener_disable(failed);
  });
  Tick();
}

void HttpServer::Shared::Close() {
  if (loop_.OnOwnerThread()) loop_.Cancel(tick_timer_);  // a loop that has ended dropped it
  http_.reset();
  ReleaseEnded();
  COMET_CHECK(held_.empty());
}

// --- connections -------------------------------------------------------------------------------

bufferevent* HttpServer::Shared::Begin() {
  ReleaseEnded();
  const auto uncut =
      std::find_if(held_.begin(), held_.end(), [](const Held& one) { return !one.cut; });
  if (held_.size() >= options_.connections_max && uncut != held_.end()) Cut(&*uncut);
  bufferevent* const stream = bufferevent_socket_new(loop_.base(), -1, BEV_OPT_CLOSE_ON_FREE);
  COMET_CHECK(stream != nullptr);
  bufferevent_setwatermark(stream, EV_READ, 0, kUnreadBytesMax);
  bufferevent_incref(stream);
  held_.push_back({stream, loop_.clock().Now() + options_.connection_time});
  return stream;
}

// Ours is the last reference to a stream that libevent has let go, which it shows by its callbacks.
void HttpServer::Shared::ReleaseEnded() {
  std::erase_if(held_, [](const Held& one) {
    bufferevent_event_cb on_event = nullptr;
    bufferevent_getcb(one.stream, nullptr, nullptr, &on_event, nullptr);
    if (on_event == nullptr) bufferevent_decref(one.stream);
    return on_event == nullptr;
  });
}

// libevent finds the end of the stream, in whatever state its connection is, and lets it go.
void HttpServer::Shared::Cut(Held* one) {
  one->cut = true;
  ::shutdown(bufferevent_getfd(one->stream), SHUT_RDWR);
}

void HttpServer::Shared::Tick() {
  ReleaseEnded();
  const auto now = loop_.clock().Now();
  for (Held& one : held_) {
    if (!one.cut && one.until <= now) Cut(&one);
  }
  evconnlistener_enable(listener_);
  tick_timer_ = loop_.After(kTick, [self = shared_from_this()] { self->Tick(); });
}

// --- requests ----------------------------------------------------------------------------------

void HttpServer::Shared::Answer(evhttp_request* request) {
  const auto done = [](evhttp_request*, void* self) {
    auto* const shared = static_cast<Shared*>(self);
    shared->loop_.Post([held = shared->shared_from_this()] { held->ReleaseEnded(); });
  };
  evhttp_request_set_on_complete_cb(request, done, this);
  Send(request, ReplyTo(request));
}

Reply HttpServer::Shared::ReplyTo(const evhttp_request* request) const {
  const auto method = evhttp_request_get_command(request);
  if (method != EVHTTP_REQ_GET && method != EVHTTP_REQ_HEAD) {
    return {HTTP_BADMETHOD, "Method Not Allowed", kPlainText, "only GET and HEAD\n"};
  }
  const auto path = PathOf(request);
  const auto page = std::find_if(pages_.begin(), pages_.end(),
                                 [&](const HttpPage& one) { return one.path == path; });
  if (page != pages_.end()) return {HTTP_OK, "OK", page->content_type, page->content()};
  std::string there = "nothing is here, but at";
  for (const auto& one : pages_) there += Concat(' ', one.path);
  return {HTTP_NOTFOUND, "Not Found", kPlainText, there + '\n'};
}

// --- any thread --------------------------------------------------------------------------------

HttpServer::HttpServer(LoopGroup& group, std::shared_ptr<Shared> shared, std::uint16_t port)
    : group_(group), shared_(std::move(shared)), port_(port) {}

HttpServer::~HttpServer() {
  Stop();
}

StatusOr<std::unique_ptr<HttpServer>> HttpServer::Listen(LoopGroup& group,
                                                         const HttpServerOptions& options,
                                                         std::vector<HttpPage> pages) {
  COMET_ASSIGN(auto sockets, ListenShared(options.address, options.port, kBacklog, 1));
  COMET_ASSIGN(const auto port, PortOf(sockets[0]));
  auto shared = std::make_shared<Shared>(group.loop(0), options, std::move(pages));
  OnLoop(group.loop(0), [&] { shared->Open(std::move(sockets[0])); });
  return std::unique_ptr<HttpServer>(new HttpServer(group, std::move(shared), port));
}

void HttpServer::Stop() {
  if (std::exchange(stopped_, true)) return;
  OnLoop(group_.loop(0), [this] { shared_->Close(); });
}

}  // namespace comet::net
