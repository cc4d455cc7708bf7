#include "remoting/net/byte_stream.h"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include <event2/event.h>

#include "remoting/base/check.h"
#include "remoting/base/text.h"

namespace comet::net {

ByteStream::ByteStream(EventLoop& loop, Socket socket, Endpoint peer, ChunkPool& chunks,
                       ByteStreamUser& user)
    : loop_(loop),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      user_(user),
      read_event_(event_new(loop.base(), socket_.get(), EV_READ | EV_PERSIST, &OnReadable, this)),
      write_event_(event_new(loop.base(), socket_.get(), EV_WRITE, &OnWritable, this)),
      output_(chunks),
      last_read_(loop.clock().Now()),
      last_written_(last_read_) {
  event_add(read_event_.get(), nullptr);
}

void ByteStream::OnReadable(int /*fd*/, short /*what*/, void* self) {
  static_cast<ByteStream*>(self)->Read();
}

void ByteStream::Read() {
  const std::span<char> room = user_.ReadInto();
  COMET_CHECK(!room.empty());
  const auto got = recv(socket_.get(), room.data(), room.size(), 0);
  if (got > 0) {
    last_read_ = loop_.clock().Now();
    user_.OnBytes(static_cast<std::size_t>(got));
  } else if (got == 0) {
    Close("the peer closed it");
  } else if (errno != EAGAIN && errno != EINTR) {
    Close(Concat("reading failed: ", std::generic_category().message(errno)));
  }
}

bool ByteStream::Write() {
  if (closed() || blocked_ || output_.empty()) return !blocked_;
  std::size_t written = 0;
  const auto state = output_.WriteTo(socket_.get(), &written);
  const int error = errno;
  if (written > 0) last_written_ = loop_.clock().Now();
  if (state == Output::Write::kFailed) {
    output_.Clear();
    Close(Concat("writing failed: ", std::generic_category().message(error)));
    return false;
  }
  blocked_ = state == Output::Write::kBlocked;
  if (blocked_) event_add(write_event_.get(), nullptr);
  return !blocked_;
}

void ByteStream::OnWritable(int /*fd*/, short /*what*/, void* self) {
  auto* stream = static_cast<ByteStream*>(self);
  stream->blocked_ = false;
  if (stream->Write() && !stream->closed()) stream->user_.OnWritten();
}

void ByteStream::PauseReading() {
  if (!closed()) event_del(read_event_.get());
}

void ByteStream::ResumeReading() {
  if (!closed()) event_add(read_event_.get(), nullptr);
}

void ByteStream::Close(std::string_view why) {
  if (closed()) return;
  read_event_.reset();
  write_event_.reset();
  output_.Clear();
  socket_.Reset();
  user_.OnClosed(why);
}

}  // namespace comet::net
