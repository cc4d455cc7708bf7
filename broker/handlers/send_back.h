#pragma once

#include <optional>

#include "broker/context.h"
#include "broker/retry.h"
#include "broker/status_to_code.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/send_message_back.h"

namespace comet::broker {

// Takes back a message that a consumer could not handle: it comes again after a while, and after
// too many times it goes to the dead letters. On the worker: the record may be cold, and the
// retry topic may have to be made.
class SendBackHandler {
 public:
  using Request = wire::SendMessageBack;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit SendBackHandler(Context& context) : context_(context) {}

  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  // Of the retry topic, which is made if it is not there.
  std::optional<Refused> ChooseQueue(const Request::Header& header,
                                     const wire::SubscriptionGroupConfig& group,
                                     std::int32_t* queue_id);
  StatusOr<std::unique_ptr<RetryMessage>> Make(const Request::Header& header, std::int32_t version,
                                               const wire::SubscriptionGroupConfig& group,
                                               std::int32_t queue_id,
                                               const store::LogRange& record);
  std::optional<Refused> Store(const RetryMessage& retry, net::Responder* reply);

  Context& context_;
};
static_assert(net::Handler<SendBackHandler>);

}  // namespace comet::broker
