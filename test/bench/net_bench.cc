// The network layer doing the floor's work: decode a send, encode its record with CRC, one write
// per iteration, answer. What is missing to floor.cc in the same run is the price of a router,
// responders, limits and metrics.
//
//   net_bench HEADER WINDOW TOTAL [FILE]     HEADER 0 binary, 1 JSON

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "burst_load.h"
#include "remoting/base/bytes.h"
#include "remoting/base/crc32.h"
#include "remoting/net/loop_group.h"
#include "remoting/net/router.h"
#include "remoting/net/server.h"
#include "remoting/net/socket.h"
#include "remoting/wire/requests/send_message.h"

namespace comet::net {
namespace {

using wire::SendMessage;

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

class Log {
 public:
  explicit Log(const char* path) : descriptor_(open(path, O_RDWR | O_CREAT | O_TRUNC, 0644)) {
    COMET_CHECK_GE(descriptor_.get(), 0);
    COMET_CHECK_EQ(posix_fallocate(descriptor_.get(), 0, kBytes), 0);
  }

  void Append(const SendMessage::Header& header, std::string_view body) {
    char fixed[88] = {};
    PutI32(fixed, static_cast<std::int32_t>(91 + body.size() + header.topic.size() +
                                            header.properties.size()));
    PutI32(fixed + 8, static_cast<std::int32_t>(Crc32(body)));
    PutI32(fixed + 12, header.queue_id);
    PutI64(fixed + 20, next_offset_++);
    PutI64(fixed + 40, header.born_ms);
    batch_.append(fixed, sizeof(fixed)).append(body).append(header.topic).append(header.properties);
    batch_.append(3, '\0');
  }

  void Write() {
    if (batch_.empty()) return;
    if (position_ + static_cast<off_t>(batch_.size()) > kBytes) position_ = 0;
    COMET_CHECK_EQ(pwrite(descriptor_.get(), batch_.data(), batch_.size(), position_),
                   static_cast<ssize_t>(batch_.size()));
    position_ += static_cast<off_t>(batch_.size());
    batch_.clear();
  }
  std::int64_t next_offset() const { return next_offset_; }

 private:
  static constexpr off_t kBytes = 1 << 30;
  Socket descriptor_;
  off_t position_ = 0;
  std::int64_t next_offset_ = 0;
  std::string batch_;
};

class SendHandler {
 public:
  using Request = SendMessage;
  static constexpr Lane kLane = Lane::kLoop;

  explicit SendHandler(Log& log) : log_(log) {}
  void Handle(const SendMessage::Header& header, const RequestContext& request, Responder reply) {
    log_.Append(header, request.body);
    SendMessage::Reply sent;
    sent.message_id = "7F00000100002A9F00000000000A1B2C";
    sent.queue_id = header.queue_id;
    sent.queue_offset = log_.next_offset();
    std::move(reply).Ok<SendMessage>(sent);
  }

 private:
  Log& log_;
};

int Main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: net_bench HEADER WINDOW TOTAL [FILE]\n");
    return 1;
  }
  const bool json = std::atoi(argv[1]) == 1;
  const char* path = argc > 4 ? argv[4] : "net_bench.log";
  const long total = std::atol(argv[3]);
  Log log(path);
  SendHandler handler(log);
  Router router;
  router.Add(handler);
  LoopGroup group;
  rusage before{}, after{};
  group.loop(0).AtIterationEnd([&] { log.Write(); });
  group.Start();
  auto server = Server::Listen(group, router, {.address = "127.0.0.1"}).Take();
  bench::BurstLoad load(server->port(), std::atol(argv[2]), total);
  group.loop(0).Post([&] { getrusage(RUSAGE_THREAD, &before); });
  load.Run(bench::SendRequestFrame(json ? wire::HeaderForm::kJson : wire::HeaderForm::kBinary));
  group.loop(0).Post([&] { getrusage(RUSAGE_THREAD, &after); });
  server->Stop();  // waits for the loop
  const double cpu = Seconds(after.ru_utime) + Seconds(after.ru_stime) - Seconds(before.ru_utime) -
                     Seconds(before.ru_stime);
  std::printf(
      "header %s window %s: %.0f k msg/s, server CPU %.2f us/msg, burst p50 %.0f us p99 %.0f us\n",
      json ? "JSON" : "binary", argv[2], static_cast<double>(total) / load.seconds() / 1e3,
      cpu * 1e6 / static_cast<double>(total), load.LatencyUs(50), load.LatencyUs(99));
  unlink(path);
  return 0;
}

}  // namespace
}  // namespace comet::net

int main(int argc, char** argv) {
  return comet::net::Main(argc, argv);
}
