#include "console/bench/peer.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "remoting/base/text.h"

namespace comet::bench {
namespace {

constexpr std::size_t kInputBytes = std::size_t{1} << 20;
constexpr std::size_t kPadding = wire::kReadPadding;
constexpr std::size_t kFrameBytesMax = std::size_t{64} << 20;

Status SystemError(std::string_view what) {
  return Status(Status::Code::kIo, Concat(what, ": ", std::string_view(std::strerror(errno))));
}

struct AddressDeleter {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

StatusOr<std::unique_ptr<addrinfo, AddressDeleter>> Resolve(const std::string& host_and_port) {
  const auto colon = host_and_port.rfind(':');
  if (colon == std::string::npos) {
    return Status(Status::Code::kInvalid, Concat("'", host_and_port, "' is not HOST:PORT"));
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int failed = getaddrinfo(host_and_port.substr(0, colon).c_str(),
                                 host_and_port.substr(colon + 1).c_str(), &hints, &list);
  if (failed != 0) {
    return Status(Status::Code::kInvalid,
                  Concat("'", host_and_port, "': ", std::string_view(gai_strerror(failed))));
  }
  return std::unique_ptr<addrinfo, AddressDeleter>(list);
}

}  // namespace

Peer::Peer(int descriptor) : descriptor_(descriptor), input_(kInputBytes + kPadding, '\0') {}

Peer::Peer(Peer&& other) noexcept {
  *this = std::move(other);
}

Peer& Peer::operator=(Peer&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(output_, other.output_);
  std::swap(written_, other.written_);
  std::swap(input_, other.input_);
  std::swap(have_, other.have_);
  std::swap(bytes_in_, other.bytes_in_);
  std::swap(bytes_out_, other.bytes_out_);
  return *this;
}

Peer::~Peer() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

StatusOr<Peer> Peer::Connect(const std::string& host_and_port) {
  COMET_ASSIGN(const auto address, Resolve(host_and_port));
  Peer peer(::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (peer.descriptor_ < 0) return SystemError("socket");
  if (::connect(peer.descriptor_, address->ai_addr, address->ai_addrlen) != 0) {
    return SystemError(Concat("connect to ", host_and_port));
  }
  const int on = 1;
  if (::setsockopt(peer.descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0) {
    return SystemError("TCP_NODELAY");
  }
  if (::fcntl(peer.descriptor_, F_SETFL, O_NONBLOCK) != 0) return SystemError("O_NONBLOCK");
  return peer;
}

Status Peer::Flush() {
  while (written_ < output_.size()) {
    const ssize_t sent =
        ::send(descriptor_, output_.data() + written_, output_.size() - written_, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return {};
      return SystemError("send");
    }
    written_ += static_cast<std::size_t>(sent);
    bytes_out_ += sent;
  }
  output_.clear();
  written_ = 0;
  return {};
}

Status Peer::Receive(const OnFrame& on_frame) {
  if (input_.size() - kPadding == have_) input_.resize(input_.size() * 2);
  const ssize_t got =
      ::recv(descriptor_, input_.data() + have_, input_.size() - kPadding - have_, 0);
  if (got == 0) return Status(Status::Code::kClosed, "the broker has closed the connection");
  if (got < 0) {
    if (errno == EAGAIN || errno == EINTR) return {};
    return SystemError("recv");
  }
  bytes_in_ += got;
  have_ += static_cast<std::size_t>(got);
  COMET_ASSIGN(const std::size_t used, CutFrames(on_frame));
  std::memmove(input_.data(), input_.data() + used, have_ - used);
  have_ -= used;
  return {};
}

StatusOr<std::size_t> Peer::CutFrames(const OnFrame& on_frame) {
  const wire::FrameLimits limits{.max_frame_bytes = kFrameBytesMax};
  std::size_t at = 0;
  for (;;) {
    const auto cut = wire::CutFrame(Slice(input_.data() + at, have_ - at), limits);
    if (cut.state == wire::CutState::kNeedMore) break;
    if (cut.state == wire::CutState::kMalformed) {
      return Status(Status::Code::kCorruption, Concat("frame from the broker: ", cut.reason));
    }
    on_frame(cut.frame);
    at += cut.frame.bytes;
  }
  return at;
}

}  // namespace comet::bench
