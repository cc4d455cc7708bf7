#pragma once

#include <comet/interceptor.h>
#include <comet/options.h>

#include <memory>
#include <string_view>
#include <vector>

namespace comet::client {

// The interceptors of a client, called one after the other; what one throws is logged. Thread-safe.
class Interceptors {
 public:
  Interceptors(std::vector<std::shared_ptr<Interceptor>> list, LogCallback log);

  bool empty() const { return list_.empty(); }  // then nothing needs to be kept for them

  void BeforeSend(Message& message, std::string_view group) const;
  void AfterSend(const SendContext& context, const Result<SendReceipt>& outcome) const;
  void BeforeConsume(const ConsumeContext& context) const;
  void AfterConsume(const ConsumeContext& context, bool consumed) const;

 private:
  template <class Call>
  void Each(std::string_view function, Call call) const;

  const std::vector<std::shared_ptr<Interceptor>> list_;
  const LogCallback log_;
};

}  // namespace comet::client
