#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "remoting/base/clock.h"
#include "remoting/base/status_or.h"
#include "remoting/net/loop_group.h"

namespace comet::net {

// What is served under a path; `content` is called on the loop for every request.
struct HttpPage {
  std::string path;
  std::string content_type;
  std::function<std::string()> content;
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";  // an IP address of this machine
  std::uint16_t port = 0;             // 0: any free one, see HttpServer::port()
  std::size_t connections_max = 32;   // when more come, the oldest goes
  // From its acceptance to the end of the reply, however slow the peer is.
  Duration connection_time = std::chrono::seconds(10);
};

// A few pages over HTTP, for who watches this process: GET and HEAD, one request a connection.
// Any other method is answered 405, a word that is none 501, any other path 404. HTTP itself is
// libevent's; here are its bounds. Serves nothing of the wire protocol, so give it a loop that
// nobody else waits for.
class HttpServer {
 public:
  // Serves on the group's first loop. The group must be running and outlive the server. A port that
  // is in use is kUnavailable and named.
  static StatusOr<std::unique_ptr<HttpServer>> Listen(LoopGroup& group,
                                                      const HttpServerOptions& options,
                                                      std::vector<HttpPage> pages);
  ~HttpServer();  // stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Closes the port and all connections; no page is asked for when it has returned. Never called on
  // the loop's thread. Idempotent.
  void Stop();

  std::uint16_t port() const { return port_; }

 private:
  class Shared;  // what lives on the loop

  HttpServer(LoopGroup& group, std::shared_ptr<Shared> shared, std::uint16_t port);

  LoopGroup& group_;
  std::shared_ptr<Shared> shared_;
  const std::uint16_t port_;
  bool stopped_ = false;
};

}  // namespace comet::net
