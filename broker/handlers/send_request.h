#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "remoting/net/endpoint.h"
#include "remoting/net/request_context.h"
#include "remoting/wire/record.h"
#include "remoting/wire/requests/send_message.h"

namespace comet::broker {

wire::Host HostOf(const net::Endpoint& endpoint);

// A send as it came; everything is borrowed.
struct SendRequest {
  wire::SendMessage::Header header;
  std::string_view body;
  wire::Host born_host;
  std::string_view peer;
  std::int32_t version = 0;  // of the client's software
};

SendRequest BorrowSend(const wire::SendMessage::Header& header, const net::RequestContext& request);

// How often a message is tried again: since 3.4.9 consumers may say it themselves.
std::int32_t RetriesMax(std::int32_t of_group, std::int32_t version,
                        std::optional<std::int32_t> asked);

// A send that outlives its frame: while a worker creates what it needs.
class OwnedSend {
 public:
  explicit OwnedSend(const SendRequest& borrowed);
  OwnedSend(const OwnedSend&) = delete;
  OwnedSend& operator=(const OwnedSend&) = delete;

  const SendRequest& request() const { return request_; }
  std::size_t bytes() const { return bytes_.size(); }

 private:
  std::string bytes_;
  SendRequest request_;
};

}  // namespace comet::broker
