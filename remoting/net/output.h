#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/net/body.h"

struct iovec;

namespace comet::net {

// Empty strings with memory, shared by the outputs of one loop: an idle connection holds none.
class ChunkPool {
 public:
  std::string Take();
  void Give(std::string&& chunk);

 private:
  std::vector<std::string> free_;
};

// What a connection still has to send, in order. Replies of one iteration collect here and leave
// with one system call: small ones are copied behind each other, middling ranges are referred to,
// large ranges of files go by sendfile. One thread.
class Output {
 public:
  static constexpr std::size_t kChunkBytes = 64 << 10;
  static constexpr std::size_t kCopyBelow = 4 << 10;      // a reference costs more than the copy
  static constexpr std::size_t kSendfileFrom = 64 << 10;  // a system call of its own pays off

  explicit Output(ChunkPool& pool) : pool_(pool) {}
  ~Output() { Clear(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // Where the next bytes are to be appended, and nothing else done; ends with any other call.
  std::string* Tail();
  void Append(std::string_view bytes) { Tail()->append(bytes); }
  void AppendOwned(std::string&& bytes);
  void AppendPart(const BodyPart& part);
  void AppendBody(Body& body);

  bool empty() const { return head_ == chunks_.size(); }
  std::size_t bytes() const { return closed_bytes_ + (tail_open_ ? tail().rest().size() : 0); }
  // Of ours that they hold; ranges of files hold next to none.
  std::size_t memory() const { return closed_memory_ + (tail_open_ ? tail().memory() : 0); }

  enum class Write { kDone, kBlocked, kFailed };  // kFailed: errno says why
  // Writes until all is done or the socket is full; adds what was taken to *written.
  Write WriteTo(int socket, std::size_t* written);
  void Clear();

 private:
  struct Chunk {
    std::string own;  // bytes of ours, unless `range` is set
    std::string_view range;
    std::shared_ptr<const void> pin;
    int descriptor = -1;
    std::uint64_t file_position = 0;
    std::size_t sent = 0;
    std::size_t counted = 0;  // in closed_memory_

    bool is_own() const { return range.data() == nullptr; }
    std::string_view rest() const {
      return (is_own() ? std::string_view(own) : range).substr(sent);
    }
    bool by_sendfile() const { return descriptor >= 0; }
    std::size_t memory() const { return sizeof(Chunk) + own.capacity(); }
  };

  std::size_t Gather(iovec* vectors, std::size_t max) const;
  std::ptrdiff_t WriteFile(int socket);
  std::ptrdiff_t WriteMemory(int socket);
  void Consume(std::size_t count);
  const Chunk& tail() const { return chunks_.back(); }
  void CloseTail();
  Chunk& Push();

  ChunkPool& pool_;
  std::vector<Chunk> chunks_;
  std::size_t head_ = 0;                              // chunks before it are sent
  bool tail_open_ = false;                            // the last chunk is ours and may grow
  std::size_t closed_bytes_ = 0, closed_memory_ = 0;  // of all waiting chunks but an open tail
};

}  // namespace comet::net
