#include "test/golden/replay/raw_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>

#include "remoting/base/check.h"
#include "remoting/wire/frame.h"

namespace comet::golden {
namespace {

Reply Copy(const wire::Frame& frame) {
  Reply reply;
  reply.form = frame.head.form;
  reply.code = frame.head.code;
  reply.opaque = frame.head.opaque;
  reply.flag = frame.head.flag;
  if (frame.head.remark) reply.remark = std::string(*frame.head.remark);
  if (frame.head.has_ext || !frame.head.ext.empty()) {
    reply.ext.emplace();
    for (const auto& [key, value] : frame.head.ext) {
      reply.ext->insert_or_assign(std::string(key), std::string(value));
    }
  }
  reply.body = frame.body;
  return reply;
}

}  // namespace

RawPeer::RawPeer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{.tv_sec = 20, .tv_usec = 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  net::TurnOn(socket_.get(), IPPROTO_TCP, TCP_NODELAY);
  COMET_CHECK_EQ(
      connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  address_ = net::LocalEndpoint(socket_.get()).text;
}

void RawPeer::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // a peer that has closed is seen when its answer is read
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void RawPeer::EndOfRequests() {
  shutdown(socket_.get(), SHUT_WR);
}

bool RawPeer::Fill() {
  char buffer[65536];
  const auto got = recv(socket_.get(), buffer, sizeof(buffer), 0);
  closed_ = got == 0 || (got < 0 && errno == ECONNRESET);
  if (got > 0) bytes_.append(buffer, static_cast<std::size_t>(got));
  return got > 0;
}

std::optional<Reply> RawPeer::Receive() {
  auto cut = wire::CutFrame(bytes_);
  for (; cut.state == wire::CutState::kNeedMore; cut = wire::CutFrame(bytes_)) {
    if (!Fill()) return std::nullopt;
  }
  wire::FrameDecoder decoder;
  wire::Frame frame;
  if (cut.state != wire::CutState::kFrame || !decoder.Decode(cut.frame, 0, &frame).ok()) {
    return std::nullopt;
  }
  auto reply = Copy(frame);
  bytes_.erase(0, cut.frame.bytes);
  return reply;
}

}  // namespace comet::golden
