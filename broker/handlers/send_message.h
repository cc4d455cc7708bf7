#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "broker/context.h"
#include "broker/handlers/send_request.h"
#include "broker/status_to_code.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/send_message.h"
#include "store/ack.h"

namespace comet::broker {

// Accepts messages: checks the request, finds or creates the topic, chooses the queue, stages the
// records. The answer is given when the store has them as safe as configured.
class SendMessageHandler {
 public:
  using Request = wire::SendMessage;
  static constexpr net::Lane kLane = net::Lane::kLoop;

  explicit SendMessageHandler(Context& context) : context_(context) {}

  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

  // The store's answers for one loop; on that loop.
  void OnAcks(LoopContext& loop, const std::vector<store::Ack>& acks);

 private:
  // Where a message goes.
  struct Target {
    const Topic* topic = nullptr;
    std::int32_t queue_id = 0;
    std::int32_t told_queue_id = 0;  // what the client hears
    bool dead_letter = false;
  };
  // What is missing on the way there, so that a worker has to make it.
  enum class Missing { kNothing, kTopic, kGroup };

  void Accept(LoopContext& loop, const SendRequest& send, net::Responder reply, bool may_create);
  void CreateAndRetry(LoopContext& loop, const SendRequest& send, net::Responder reply);
  std::optional<Refused> Create(const SendRequest& send);
  std::optional<Refused> CreateRetry(const SendRequest& send);

  std::optional<Refused> CheckRequest(const LoopContext& loop, const SendRequest& send) const;
  Missing Resolve(LoopContext& loop, const SendRequest& send, Target* target);
  bool IsDeadLetter(const SendRequest& send, const wire::SubscriptionGroupConfig& group) const;
  std::optional<Refused> ChooseQueue(LoopContext& loop, const SendRequest& send, Target* target);
  std::optional<Refused> Delay(LoopContext& loop, const PropertyFacts& facts, Target* target);
  std::optional<Refused> CheckFacts(const LoopContext& loop, const SendRequest& send,
                                    const PropertyFacts& facts) const;

  void StageOne(LoopContext& loop, const SendRequest& send, Target target, net::Responder reply);
  void StageBatch(LoopContext& loop, const SendRequest& send, Target target, net::Responder reply);
  // Parks the reply and hands the records over; gives the duty back when the store refuses.
  template <class Stage>
  void Hand(LoopContext& loop, net::Responder reply, PendingSend pending, Stage&& stage);
  void Refuse(LoopContext& loop, net::Responder reply, const Refused& refused);
  void Answer(LoopContext& loop, const store::Ack& ack);

  Context& context_;
};
static_assert(net::Handler<SendMessageHandler>);

}  // namespace comet::broker
