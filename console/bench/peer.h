#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "remoting/base/bytes.h"
#include "remoting/base/status_or.h"
#include "remoting/wire/frame.h"

namespace comet::bench {

// One connection under load: a non-blocking socket, what is still to be written and what has
// been read but is not a whole frame yet. Written for one purpose: to cost the client as little
// as possible, so that a broker on the same machine is what is measured. One thread.
class Peer {
 public:
  static StatusOr<Peer> Connect(const std::string& host_and_port);
  ~Peer();
  Peer(Peer&& other) noexcept;
  Peer& operator=(Peer&& other) noexcept;

  int descriptor() const { return descriptor_; }

  // Appends to what is to be written; Flush hands it to the kernel as far as that takes it.
  std::string& output() { return output_; }
  Status Flush();
  bool has_output() const { return written_ < output_.size(); }

  // Reads what is there and calls `on_frame` with every whole frame; wire::kReadPadding bytes
  // behind each may be read. An error when the peer has closed or sent nonsense.
  using OnFrame = std::function<void(const wire::RawFrame& frame)>;
  Status Receive(const OnFrame& on_frame);

  std::int64_t bytes_in() const { return bytes_in_; }
  std::int64_t bytes_out() const { return bytes_out_; }

 private:
  explicit Peer(int descriptor);
  StatusOr<std::size_t> CutFrames(const OnFrame& on_frame);

  int descriptor_ = -1;
  std::string output_;
  std::size_t written_ = 0;
  std::string input_;
  std::size_t have_ = 0;
  std::int64_t bytes_in_ = 0;
  std::int64_t bytes_out_ = 0;
};

}  // namespace comet::bench
