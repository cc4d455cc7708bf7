#include "remoting/net/output.h"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace comet::net {

namespace {

constexpr std::size_t kPoolChunks = 64;
constexpr std::size_t kChunkCapacityMax = 2 * Output::kChunkBytes;  // larger ones are freed
constexpr std::size_t kVectors = 64;
constexpr std::size_t kBytesPerTurn = 8 << 20;  // then other connections have theirs

}  // namespace

std::string ChunkPool::Take() {
  std::string chunk;
  if (!free_.empty()) {
    chunk = std::move(free_.back());
    free_.pop_back();
  }
  return chunk;
}

void ChunkPool::Give(std::string&& chunk) {
  if (free_.size() >= kPoolChunks || chunk.capacity() > kChunkCapacityMax) return;
  chunk.clear();
  free_.push_back(std::move(chunk));
}

void Output::CloseTail() {
  if (!tail_open_) return;
  closed_bytes_ += tail().rest().size();
  closed_memory_ += chunks_.back().counted = tail().memory();
  tail_open_ = false;
}

Output::Chunk& Output::Push() {
  CloseTail();
  return chunks_.emplace_back();
}

std::string* Output::Tail() {
  if (!tail_open_ || tail().own.size() >= kChunkBytes) {
    Push().own = pool_.Take();
    tail_open_ = true;
  }
  return &chunks_.back().own;
}

void Output::AppendOwned(std::string&& bytes) {
  if (bytes.size() < kCopyBelow) {
    Append(bytes);
    return;
  }
  Push().own = std::move(bytes);
  tail_open_ = true;
  CloseTail();
}

void Output::AppendPart(const BodyPart& part) {
  if (part.bytes.size() < kCopyBelow) {
    Append(part.bytes);
    return;
  }
  Chunk& chunk = Push();
  chunk.range = part.bytes;
  chunk.pin = part.pin;
  if (part.bytes.size() >= kSendfileFrom) {
    chunk.descriptor = part.descriptor;
    chunk.file_position = part.file_position;
  }
  closed_bytes_ += part.bytes.size();
  closed_memory_ += chunk.counted = chunk.memory();
}

void Output::AppendBody(Body& body) {
  if (!body.bytes().empty()) Append(body.bytes());
  if (!body.owned().empty()) AppendOwned(std::move(body.owned()));
  for (const BodyPart& part : body.parts()) AppendPart(part);
}

Output::Write Output::WriteTo(int socket, std::size_t* written) {
  std::size_t turn = 0;
  while (!empty() && turn < kBytesPerTurn) {
    const std::ptrdiff_t taken =
        chunks_[head_].by_sendfile() ? WriteFile(socket) : WriteMemory(socket);
    if (taken > 0) {
      Consume(static_cast<std::size_t>(taken));
      turn += static_cast<std::size_t>(taken);
    } else if (errno == EAGAIN) {
      break;
    } else if (errno != EINTR) {
      *written += turn;
      return Write::kFailed;
    }
  }
  *written += turn;
  return empty() ? Write::kDone : Write::kBlocked;
}

std::size_t Output::Gather(iovec* vectors, std::size_t max) const {
  std::size_t count = 0;
  for (std::size_t i = head_; i < chunks_.size() && count < max; ++i) {
    if (chunks_[i].by_sendfile()) break;
    const std::string_view rest = chunks_[i].rest();
    // sendmsg does not write through it.
    vectors[count++] = {const_cast<char*>(rest.data()), rest.size()};  // NOLINT
  }
  return count;
}

std::ptrdiff_t Output::WriteMemory(int socket) {
  std::array<iovec, kVectors> vectors;
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = Gather(vectors.data(), vectors.size());
  const bool more = head_ + message.msg_iovlen < chunks_.size();
  return sendmsg(socket, &message, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
}

std::ptrdiff_t Output::WriteFile(int socket) {
  const Chunk& chunk = chunks_[head_];
  auto position = static_cast<off_t>(chunk.file_position + chunk.sent);
  const std::ptrdiff_t taken = sendfile(socket, chunk.descriptor, &position, chunk.rest().size());
  if (taken == 0) errno = EIO;  // the file has lost bytes that we have promised
  return taken;
}

void Output::Consume(std::size_t count) {
  while (count > 0) {
    Chunk& chunk = chunks_[head_];
    const bool open = tail_open_ && head_ + 1 == chunks_.size();
    const std::size_t step = std::min(count, chunk.rest().size());
    chunk.sent += step;
    count -= step;
    if (!open) closed_bytes_ -= step;
    if (!chunk.rest().empty()) return;
    if (!open) closed_memory_ -= chunk.counted;
    if (chunk.is_own()) pool_.Give(std::move(chunk.own));
    chunk.pin.reset();
    ++head_;
  }
  if (empty()) {
    chunks_.clear();
    head_ = 0;
    tail_open_ = false;
  } else if (head_ >= kVectors && head_ * 2 >= chunks_.size()) {
    chunks_.erase(chunks_.begin(), chunks_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
}

void Output::Clear() {
  chunks_.clear();
  head_ = closed_bytes_ = closed_memory_ = 0;
  tail_open_ = false;
}

}  // namespace comet::net
