#include "burst_load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "remoting/base/bytes.h"
#include "remoting/base/check.h"
#include "remoting/wire/frame.h"
#include "remoting/wire/requests/send_message.h"

namespace comet::bench {
namespace {

constexpr std::int64_t kBurst = 64;
constexpr std::size_t kBufferBytes = 1 << 20;

}  // namespace

std::string SendRequestFrame(wire::HeaderForm form) {
  wire::SendMessage::Header header;
  header.producer_group = "please_rename_unique_group_name";
  header.topic = "BenchmarkTest";
  header.default_topic = "TBW102";
  header.queue_id = 3;
  header.born_ms = 1724227200123;
  header.properties =
      "UNIQ_KEY\0017F0000010B6C18B4AAC2123456780000\002WAIT\001true\002TAGS\001TagA";
  wire::Head head;
  head.form = form;
  head.code = 310;
  head.opaque = 123456;
  std::string frame;
  wire::AppendFrame(head, header, std::string(100, 'x'), &frame, wire::Spelling::kShort);
  return frame;
}

BurstLoad::BurstLoad(std::uint16_t port, std::int64_t window, std::int64_t total)
    : socket_(::socket(AF_INET, SOCK_STREAM, 0)),
      window_(std::max(window, kBurst)),
      total_((total + kBurst - 1) / kBurst * kBurst),
      buffer_(kBufferBytes, '\0') {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  net::TurnOn(socket_.get(), IPPROTO_TCP, TCP_NODELAY);
  COMET_CHECK_EQ(
      connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
}

void BurstLoad::Run(std::string_view frame) {
  std::string burst;
  for (int i = 0; i < kBurst; ++i) burst += frame;
  const MonoTime start = SystemClock().Now();
  std::int64_t sent = 0;
  while (answered_ < total_) {
    for (; sent < total_ && sent - answered_ + kBurst <= window_; sent += kBurst) {
      sent_at_.push_back(SystemClock().Now());
      SendAll(burst);
    }
    Receive();
  }
  seconds_ = std::chrono::duration<double>(SystemClock().Now() - start).count();
}

double BurstLoad::LatencyUs(int percent) {
  if (latencies_us_.empty()) return 0;
  std::sort(latencies_us_.begin(), latencies_us_.end());
  return latencies_us_[latencies_us_.size() * static_cast<std::size_t>(percent) / 100];
}

void BurstLoad::SendAll(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto taken = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    COMET_CHECK_GT(taken, ssize_t{0});
    bytes.remove_prefix(static_cast<std::size_t>(taken));
  }
}

void BurstLoad::Receive() {
  const auto got = recv(socket_.get(), buffer_.data() + have_, buffer_.size() - have_, 0);
  COMET_CHECK_GT(got, ssize_t{0});
  have_ += static_cast<std::size_t>(got);
  std::size_t used = 0;
  while (have_ - used >= 4) {
    const auto bytes = static_cast<std::size_t>(GetI32(buffer_.data() + used)) + 4;
    if (have_ - used < bytes) break;
    used += bytes;
    if (++answered_ % kBurst == 0) {
      const MonoTime sent = sent_at_[static_cast<std::size_t>(answered_ / kBurst - 1)];
      latencies_us_.push_back(
          std::chrono::duration<double, std::micro>(SystemClock().Now() - sent).count());
    }
  }
  have_ -= used;
  std::memmove(buffer_.data(), buffer_.data() + used, have_);
}

}  // namespace comet::bench
