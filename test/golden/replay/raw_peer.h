#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "remoting/net/socket.h"
#include "remoting/wire/header.h"

namespace comet::golden {

// One frame that a server sent.
struct Reply {
  wire::HeaderForm form = wire::HeaderForm::kJson;
  std::int32_t code = 0;
  std::int32_t opaque = 0;
  std::int32_t flag = 0;
  std::optional<std::string> remark;
  std::optional<std::map<std::string, std::string>> ext;
  std::string body;

  bool is_reply() const { return (flag & wire::kFlagReply) != 0; }
};

// A blocking connection to 127.0.0.1 that sends any bytes. Nothing waits longer than 20 s.
class RawPeer {
 public:
  explicit RawPeer(std::uint16_t port);

  const std::string& address() const { return address_; }  // this end, as the server sees it
  void Send(std::string_view bytes);
  void EndOfRequests();            // the server sees the end, and may still answer
  std::optional<Reply> Receive();  // nothing: closed, silent for 20 s, or not a frame
  bool closed() const { return closed_; }

 private:
  bool Fill();

  net::Socket socket_;
  std::string address_;
  std::string bytes_;
  bool closed_ = false;
};

}  // namespace comet::golden
