#include "test/net/raw_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <utility>

#include "remoting/base/check.h"
#include "remoting/net/endpoint.h"
#include "remoting/wire/frame.h"

namespace comet::net {

RawPeer::RawPeer(std::uint16_t port, int receive_bytes)
    : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (receive_bytes > 0) {
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof(receive_bytes));
  }
  TurnOn(socket_.get(), IPPROTO_TCP, TCP_NODELAY);
  timeval patience{.tv_sec = 20, .tv_usec = 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  COMET_CHECK_EQ(
      connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
}

bool RawPeer::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::size_t RawPeer::SendSome(std::string_view bytes) {
  const auto sent = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

bool RawPeer::Fill() {
  char buffer[65536];
  const auto got = recv(socket_.get(), buffer, sizeof(buffer), 0);
  if (got <= 0) return false;
  bytes_.append(buffer, static_cast<std::size_t>(got));
  return true;
}

std::optional<Received> RawPeer::Receive() {
  wire::CutResult cut = wire::CutFrame(bytes_);
  while (cut.state == wire::CutState::kNeedMore) {
    if (!Fill()) return std::nullopt;
    cut = wire::CutFrame(bytes_);
  }
  wire::FrameDecoder decoder;
  wire::Frame frame;
  if (cut.state != wire::CutState::kFrame || !decoder.Decode(cut.frame, 0, &frame).ok()) {
    return std::nullopt;
  }
  const auto text = [&](std::string_view key) {
    return std::string(frame.head.ext.Find(key).value_or(""));
  };
  Received received{.form = cut.frame.form,
                    .code = frame.head.code,
                    .opaque = frame.head.opaque,
                    .flag = frame.head.flag,
                    .remark = std::string(frame.head.remark.value_or("")),
                    .number = text("number"),
                    .text = text("text"),
                    .body = std::string(frame.body)};
  bytes_.erase(0, cut.frame.bytes);
  return received;
}

std::string RawPeer::ReceiveAll() {
  while (Fill()) {}
  return std::exchange(bytes_, {});
}

bool RawPeer::ClosedByServer() {
  char buffer[65536];
  for (;;) {
    const auto got = recv(socket_.get(), buffer, sizeof(buffer), 0);
    if (got == 0 || (got < 0 && errno == ECONNRESET)) return true;
    if (got < 0) return false;
  }
}

void RawPeer::EndSending() {
  shutdown(socket_.get(), SHUT_WR);
}

void RawPeer::Reset() {
  const linger hard{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
  socket_.Reset();
}

std::string RawPeer::name() const {
  return LocalEndpoint(socket_.get()).text;
}

}  // namespace comet::net
