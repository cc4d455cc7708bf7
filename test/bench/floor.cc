// The floor: what this machine can do. One loop cuts frames from its sockets, decodes the send
// requests, encodes their records with CRC, writes each group with one pwrite (and one fdatasync)
// and answers. It leaves out topics, dispatch, consume queues, limits and every kind of safety,
// and shares no hot code with the broker, which is measured against it in the same run.
//
//   floor HEADER FLUSH WINDOW TOTAL [FILE]   loads itself and reports
//   floor HEADER FLUSH serve PORT [FILE]     serves, e.g. mqbench -create=false; until a signal
//
//   HEADER  0 binary, 1 JSON with a flat scanner, 2 JSON with a document model
//   FLUSH   0 async, 1 sync
//   FILE    is written, 1 GiB, and removed; floor.log

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <event2/event.h>

#include "burst_load.h"
#include "floor_request.h"
#include "remoting/base/bytes.h"
#include "remoting/base/check.h"
#include "remoting/net/libevent_ptr.h"

namespace comet::bench {
namespace {

// The log: 1 GiB that is written over and over.
class Log {
 public:
  Log(const char* path, bool sync)
      : file_(open(path, O_RDWR | O_CREAT | O_TRUNC, 0644)), path_(path), sync_(sync) {
    COMET_CHECK_GE(file_.get(), 0);
    COMET_CHECK_EQ(posix_fallocate(file_.get(), 0, kBytes), 0);
  }
  ~Log() { unlink(path_); }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // Returns the message's offset in its queue.
  std::int64_t Append(const Request& request, std::string_view body) {
    const std::size_t bytes = 91 + body.size() + request.topic.size() + request.properties.size();
    const std::size_t at = group_.size();
    const auto queue = static_cast<std::size_t>(request.queue_id) % next_.size();
    group_.resize(at + bytes);
    char* to = group_.data() + at;
    const auto put = [&to](auto value) {
      PutBigEndian(to, value);
      to += sizeof(value);
    };
    const auto put_bytes = [&to](std::string_view from) {
      std::memcpy(to, from.data(), from.size());
      to += from.size();
    };
    put(static_cast<std::int32_t>(bytes));
    put(static_cast<std::int32_t>(0xdaa320a7));  // the magic of a record
    put(static_cast<std::int32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()))));
    put(request.queue_id);
    put(request.flag);
    put(next_[queue]);
    put(static_cast<std::int64_t>(position_) + static_cast<std::int64_t>(at));
    put(request.sys_flag);
    put(request.born_ms);
    put(std::int64_t{0});              // born host
    put(std::int64_t{1724227200123});  // stored at
    put(std::int64_t{0});              // store host
    put(request.reconsume_times);
    put(std::int64_t{0});  // of a transaction
    put(static_cast<std::int32_t>(body.size()));
    put_bytes(body);
    put(static_cast<std::int8_t>(request.topic.size()));
    put_bytes(request.topic);
    put(static_cast<std::int16_t>(request.properties.size()));
    put_bytes(request.properties);
    return next_[queue]++;
  }

  void Write() {
    if (position_ + static_cast<off_t>(group_.size()) > kBytes) position_ = 0;
    COMET_CHECK_EQ(pwrite(file_.get(), group_.data(), group_.size(), position_),
                   static_cast<ssize_t>(group_.size()));
    if (sync_) COMET_CHECK_EQ(fdatasync(file_.get()), 0);
    position_ += static_cast<off_t>(group_.size());
    group_.clear();
  }

 private:
  static constexpr off_t kBytes = 1 << 30;

  const net::Socket file_;
  const char* const path_;
  const bool sync_;
  off_t position_ = 0;
  std::string group_;
  std::array<std::int64_t, 16> next_{};
};

class Floor {
 public:
  Floor(HeaderMode mode, Log& log, std::uint16_t port)
      : mode_(mode),
        log_(log),
        base_(event_base_new()),
        listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t bytes = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    net::TurnOn(listener_.get(), SOL_SOCKET, SO_REUSEADDR);
    COMET_CHECK_EQ(bind(listener_.get(), any, bytes), 0);
    COMET_CHECK_EQ(listen(listener_.get(), 64), 0);
    COMET_CHECK_EQ(getsockname(listener_.get(), any, &bytes), 0);
    port_ = ntohs(address.sin_port);
    listen_event_.reset(
        event_new(base_.get(), listener_.get(), EV_READ | EV_PERSIST, &OnConnect, this));
    event_add(listen_event_.get(), nullptr);
  }

  std::uint16_t port() const { return port_; }
  std::int64_t served() const { return served_; }
  std::int64_t groups() const { return groups_; }

  // Until the last peer has gone, or a signal.
  void Run(bool forever) {
    forever_ = forever;
    net::EventPtr interrupted, ended;
    if (forever) {
      interrupted.reset(evsignal_new(base_.get(), SIGINT, &OnSignal, this));
      ended.reset(evsignal_new(base_.get(), SIGTERM, &OnSignal, this));
      event_add(interrupted.get(), nullptr);
      event_add(ended.get(), nullptr);
    }
    event_base_dispatch(base_.get());
  }

 private:
  struct Peer {
    Floor* floor;
    net::Socket socket;
    net::EventPtr readable;
    std::string bytes = std::string(256 << 10, '\0');
    std::size_t have = 0;
  };

  static void OnConnect(int /*fd*/, short /*what*/, void* self) {
    auto* const floor = static_cast<Floor*>(self);
    const int descriptor = accept4(floor->listener_.get(), nullptr, nullptr, SOCK_NONBLOCK);
    if (descriptor < 0) return;
    net::TurnOn(descriptor, IPPROTO_TCP, TCP_NODELAY);
    auto& peer = floor->peers_.emplace_back(new Peer{floor, net::Socket(descriptor), nullptr});
    peer->readable.reset(
        event_new(floor->base_.get(), descriptor, EV_READ | EV_PERSIST, &OnReadable, peer.get()));
    event_add(peer->readable.get(), nullptr);
  }
  static void OnSignal(int /*fd*/, short /*what*/, void* self) {
    event_base_loopbreak(static_cast<Floor*>(self)->base_.get());
  }
  static void OnReadable(int /*fd*/, short /*what*/, void* peer) {
    static_cast<Peer*>(peer)->floor->Serve(static_cast<Peer*>(peer));
  }

  void Serve(Peer* peer) {
    const auto got = recv(peer->socket.get(), peer->bytes.data() + peer->have,
                          peer->bytes.size() - peer->have, 0);
    if (got <= 0) {
      std::erase_if(peers_, [&](const auto& other) { return other.get() == peer; });
      if (peers_.empty() && !forever_) event_base_loopbreak(base_.get());
      return;
    }
    peer->have += static_cast<std::size_t>(got);
    const std::size_t used = ServeFrames({peer->bytes.data(), peer->have});
    if (used == 0) return;
    log_.Write();
    SendAll(peer->socket.get());
    ++groups_;
    peer->have -= used;
    std::memmove(peer->bytes.data(), peer->bytes.data() + used, peer->have);
  }

  std::size_t ServeFrames(std::string_view bytes) {
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (end - at >= 8) {
      const std::ptrdiff_t frame_bytes = GetI32(at) + 4;
      if (end - at < frame_bytes) break;
      const std::string_view header(at + 8, static_cast<std::size_t>(GetI32(at + 4) & 0xffffff));
      COMET_CHECK_EQ(at[4] == 1, mode_ == HeaderMode::kBinary);  // started for these headers
      const char* const body = header.data() + header.size();
      ServeOne(header, {body, static_cast<std::size_t>(at + frame_bytes - body)});
      at += frame_bytes;
    }
    return static_cast<std::size_t>(at - bytes.data());
  }

  void ServeOne(std::string_view header, std::string_view body) {
    Request request;
    ParseRequest(mode_, header, &request);
    AppendReply(mode_, request, log_.Append(request, body), &replies_);
    ++served_;
  }

  void SendAll(int socket) {
    std::string_view rest = replies_;
    while (!rest.empty()) {
      const auto taken = send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (taken > 0) {
        rest.remove_prefix(static_cast<std::size_t>(taken));
      } else if (errno == EAGAIN) {
        pollfd writable{socket, POLLOUT, 0};
        poll(&writable, 1, -1);
      } else {
        break;
      }
    }
    replies_.clear();
  }

  const HeaderMode mode_;
  Log& log_;
  const net::EventBasePtr base_;
  const net::Socket listener_;
  net::EventPtr listen_event_;
  std::uint16_t port_ = 0;
  bool forever_ = false;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::string replies_;
  std::int64_t served_ = 0, groups_ = 0;
};

double CpuSeconds() {
  rusage use{};
  getrusage(RUSAGE_THREAD, &use);
  return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

void Measure(Floor& floor, HeaderMode mode, bool sync, std::int64_t window, std::int64_t total) {
  BurstLoad load(floor.port(), window, total);
  const auto form =
      mode == HeaderMode::kBinary ? wire::HeaderForm::kBinary : wire::HeaderForm::kJson;
  std::thread client([&] {
    load.Run(SendRequestFrame(form));
    load.Close();
  });
  const double before = CpuSeconds();
  floor.Run(false);
  const double cpu = CpuSeconds() - before;
  client.join();
  constexpr const char* kNames[] = {"binary", "json-scan", "json-document"};
  const auto served = static_cast<double>(floor.served());
  std::printf(
      "mode %s flush %s window %lld: %.0f k msg/s, server CPU %.2f us/msg, %.1f msg/batch, burst "
      "latency p50 %.0f us p99 %.0f us\n",
      kNames[static_cast<int>(mode)], sync ? "sync" : "async", static_cast<long long>(window),
      served / load.seconds() / 1e3, cpu * 1e6 / served,
      served / static_cast<double>(floor.groups()), load.LatencyUs(50), load.LatencyUs(99));
}

int Main(int argc, char** argv) {
  const int header = argc > 1 ? std::atoi(argv[1]) : -1;
  if (argc < 5 || header < 0 || header > 2) {
    std::fprintf(stderr,
                 "usage: floor HEADER FLUSH WINDOW TOTAL [FILE]\n"
                 "       floor HEADER FLUSH serve PORT [FILE]\n");
    return 1;
  }
  const auto mode = static_cast<HeaderMode>(header);
  const bool sync = std::atoi(argv[2]) != 0;
  const bool serve = std::string_view(argv[3]) == "serve";
  Log log(argc > 5 ? argv[5] : "floor.log", sync);
  Floor floor(mode, log, serve ? static_cast<std::uint16_t>(std::atoi(argv[4])) : 0);
  if (serve) {
    std::printf("serving 127.0.0.1:%u\n", unsigned{floor.port()});
    std::fflush(stdout);
    floor.Run(true);
  } else {
    Measure(floor, mode, sync, std::atoll(argv[3]), std::atoll(argv[4]));
  }
  return 0;
}

}  // namespace
}  // namespace comet::bench

int main(int argc, char** argv) {
  return comet::bench::Main(argc, argv);
}
