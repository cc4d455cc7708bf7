#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "remoting/base/clock.h"
#include "remoting/net/socket.h"
#include "remoting/wire/header.h"

namespace comet::net {

inline constexpr Duration kPatience = std::chrono::seconds(20);

// A frame as it came, and the ext fields that the tests of net use.
struct Received {
  wire::HeaderForm form;
  std::int32_t code = 0, opaque = 0, flag = 0;
  std::string remark, number, text, body;
};

// A blocking socket that knows nothing of the code under test but the frame format.
class RawPeer {
 public:
  // A small receive window shows back-pressure with few bytes.
  explicit RawPeer(std::uint16_t port, int receive_bytes = 0);

  std::string name() const;  // as the server knows it

  bool Send(std::string_view bytes);
  // Sends without blocking; returns what the kernel took.
  std::size_t SendSome(std::string_view bytes);
  std::optional<Received> Receive();  // nothing: closed, or kPatience passed
  std::string ReceiveAll();           // what comes until the server closes
  bool ClosedByServer();              // waits for it; frames that come before are dropped
  void EndSending();                  // and still receives
  void Reset();                       // goes without a goodbye
  void Close() { socket_.Reset(); }

 private:
  bool Fill();

  Socket socket_;
  std::string bytes_;
};

}  // namespace comet::net
