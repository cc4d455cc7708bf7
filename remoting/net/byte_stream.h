#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "remoting/base/clock.h"
#include "remoting/net/endpoint.h"
#include "remoting/net/event_loop.h"
#include "remoting/net/libevent_ptr.h"
#include "remoting/net/output.h"
#include "remoting/net/socket.h"

namespace comet::net {

// Who reads and writes a ByteStream. Called on its loop; none of the calls may destroy the stream.
class ByteStreamUser {
 public:
  virtual ~ByteStreamUser() = default;
  virtual std::span<char> ReadInto() = 0;           // where the next bytes go; not empty
  virtual void OnBytes(std::size_t count) = 0;      // so many have come there
  virtual void OnWritten() = 0;                     // the kernel has taken what it would not before
  virtual void OnClosed(std::string_view why) = 0;  // once, and nothing after it
};

// One TCP connection that carries bytes of any protocol. Owner thread of the loop; the destructor
// may run after the loop's end.
class ByteStream {
 public:
  // Takes over the socket, which does not block, and begins to read.
  ByteStream(EventLoop& loop, Socket socket, Endpoint peer, ChunkPool& chunks,
             ByteStreamUser& user);
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;

  // What is appended leaves with the next Write.
  Output& output() { return output_; }
  // False: the kernel does not take all of it for now, and OnWritten will come.
  bool Write();

  // The kernel's buffers fill up meanwhile, and then the peer waits.
  void PauseReading();
  void ResumeReading();

  void Close(std::string_view why);  // nothing if it is closed
  bool closed() const { return socket_.get() < 0; }

  const Endpoint& peer() const { return peer_; }
  MonoTime last_read() const { return last_read_; }
  MonoTime last_written() const { return last_written_; }

 private:
  static void OnReadable(int fd, short what, void* self);
  static void OnWritable(int fd, short what, void* self);
  void Read();

  EventLoop& loop_;
  Socket socket_;
  const Endpoint peer_;
  ByteStreamUser& user_;
  EventPtr read_event_, write_event_;
  Output output_;
  bool blocked_ = false;
  MonoTime last_read_, last_written_;
};

}  // namespace comet::net
