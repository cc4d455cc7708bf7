#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "broker/cold_read.h"
#include "broker/context.h"
#include "broker/read_advice.h"
#include "broker/status_to_code.h"
#include "remoting/base/allowance.h"
#include "remoting/base/limits.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/pull_message.h"
#include "store/tag_filter.h"

namespace comet::broker {

// Serves messages of a queue, and lets a pull that finds none wait for the next.
class PullMessageHandler {
 public:
  using Request = wire::PullMessage;
  static constexpr net::Lane kLane = net::Lane::kLoop;

  explicit PullMessageHandler(Context& context)
      : context_(context),
        advice_(context),
        cold_read_({context.reader, context.cold_worker, context.clock, *context.cold_line,
                    context.cold_flow}) {}

  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  // A pull that passed its checks: everything it needs to be run now, and again later.
  struct Job {
    std::string group;
    store::QueueSlot* queue = nullptr;
    std::int64_t asked = 0;      // the offset of the request
    std::int64_t scan_from = 0;  // entries before it have been refused by the filter
    store::ReadLimits limits;
    std::shared_ptr<const Subscription> subscription;  // null: the filter came with the request
    store::TagFilter own_filter;
    std::int32_t topic_sys_flag = 0, group_sys_flag = 0;
    std::int64_t broker_id = 0, slow_broker_id = 0;
    bool may_wait = false, has_waited = false;
    std::optional<ColdFlowControl::Booking> booking;  // of its read from the disk
    MonoTime deadline;
    MonoTime started;  // of the read, if it is measured
    net::Responder reply;

    const store::MessageFilter& filter() const {
      return subscription == nullptr ? own_filter : subscription->filter;
    }
  };
  using JobPtr = std::unique_ptr<Job>;

  struct Denied {
    std::int32_t code;
    std::string remark;
    std::optional<std::int32_t> forbidden_type = std::nullopt;
  };

  void Accept(LoopContext& loop, const Request::Header& header, std::int32_t code,
              std::string_view peer, net::Responder reply, bool may_create);
  void CreateGroupAndRetry(LoopContext& loop, const Request::Header& header, std::int32_t code,
                           std::string_view peer, net::Responder reply);
  static void Deny(net::Responder reply, const Denied& denied);

  std::optional<Denied> CheckTarget(LoopContext& loop, const Request::Header& header,
                                    std::string_view peer, const Topic* topic,
                                    const wire::SubscriptionGroupConfig& group) const;
  std::optional<Denied> ChooseFilter(const Request::Header& header,
                                     const wire::SubscriptionGroupConfig& group, Job* job) const;
  std::optional<Denied> UseRegistered(const Request::Header& header,
                                      const wire::SubscriptionGroupConfig& group, Job* job) const;

  void Run(LoopContext& loop, JobPtr job);
  void RunCold(LoopContext& loop, JobPtr job);
  void Hold(LoopContext& loop, JobPtr job);
  void ReadCold(LoopContext& loop, JobPtr job);
  void Finish(LoopContext& loop, JobPtr job, const store::ReadResult& result);
  void Wait(LoopContext& loop, JobPtr job);
  void LookAgain(LoopContext& loop, JobPtr job);
  void Answer(LoopContext& loop, Job& job, const store::ReadResult& result, ReadAdvice::Turn turn);

  Context& context_;
  const ReadAdvice advice_;
  ColdRead cold_read_;
  // Those whose groups have had their share of the disk.
  Allowance held_{limits::kHeldPullsMax, limits::kHeldPullsMax};
};
static_assert(net::Handler<PullMessageHandler>);

}  // namespace comet::broker
