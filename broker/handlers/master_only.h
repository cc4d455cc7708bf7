#pragma once

#include <cstdint>
#include <utility>

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"

namespace comet::broker {

// How a slave answers a request that only its master may serve: one table for all of them.
void AnswerOnSlave(std::int32_t request_code, net::Responder reply);

// A handler of what changes messages, topics or groups. On a slave it is never reached.
template <class H>
class MasterOnly : public H {
 public:
  explicit MasterOnly(Context& context) : H(context), slave_(context.config.Get()->is_slave()) {}
  void Handle(const typename H::Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply) {
    if (slave_) return AnswerOnSlave(request.head.code, std::move(reply));
    H::Handle(header, request, std::move(reply));
  }

 private:
  const bool slave_;
};

// The end of a transaction, of which a slave says that it is one.
class EndTransactionOnSlave {
 public:
  struct Request {
    static constexpr std::string_view kName = "END_TRANSACTION";
    static constexpr wire::Codes kCodes = {37};
    using Header = wire::NoFields;
    using Reply = wire::NoFields;
  };
  static constexpr net::Lane kLane = net::Lane::kLoop;
  void Handle(const Request::Header& /*header*/, const net::RequestContext& request,
              net::Responder&& reply) {
    AnswerOnSlave(request.head.code, std::move(reply));
  }
};

}  // namespace comet::broker
