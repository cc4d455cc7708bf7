#include "sdk/src/interceptors.h"

#include <comet/metrics.h>

#include <utility>

#include "remoting/base/text.h"
#include "sdk/src/foreign_call.h"
#include "sdk/src/log_delivery.h"

namespace comet {

Interceptor::~Interceptor() = default;
void Interceptor::before_send(Message& /*message*/, std::string_view /*producer_group*/) {}
void Interceptor::after_send(const SendContext& /*context*/,
                             const Result<SendReceipt>& /*outcome*/) {}
void Interceptor::before_consume(const ConsumeContext& /*context*/) {}
void Interceptor::after_consume(const ConsumeContext& /*context*/, bool /*consumed*/) {}

MetricsSink::~MetricsSink() = default;

namespace client {

Interceptors::Interceptors(std::vector<std::shared_ptr<Interceptor>> list, LogCallback log)
    : list_(std::move(list)), log_(std::move(log)) {}

template <class Call>
void Interceptors::Each(std::string_view function, Call call) const {
  for (const auto& interceptor : list_) {
    if (interceptor == nullptr) continue;
    const std::string thrown = CallForeign([&] { call(*interceptor); });
    if (!thrown.empty()) {
      DeliverLog(log_, Severity::error, "interceptor", Concat(function, " has thrown: ", thrown));
    }
  }
}

void Interceptors::BeforeSend(Message& message, std::string_view group) const {
  Each("before_send", [&](Interceptor& one) { one.before_send(message, group); });
}

void Interceptors::AfterSend(const SendContext& context, const Result<SendReceipt>& outcome) const {
  Each("after_send", [&](Interceptor& one) { one.after_send(context, outcome); });
}

void Interceptors::BeforeConsume(const ConsumeContext& context) const {
  Each("before_consume", [&](Interceptor& one) { one.before_consume(context); });
}

void Interceptors::AfterConsume(const ConsumeContext& context, bool consumed) const {
  Each("after_consume", [&](Interceptor& one) { one.after_consume(context, consumed); });
}

}  // namespace client
}  // namespace comet
