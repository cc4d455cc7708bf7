#pragma once

#include <comet/export.h>
#include <comet/interceptor.h>
#include <comet/message.h>
#include <comet/metrics.h>
#include <comet/options.h>
#include <comet/producer.h>
#include <comet/pull_consumer.h>
#include <comet/push_consumer.h>

#include <memory>
#include <string>
#include <vector>

namespace comet {

// The connections and threads that producers and consumers share. Thread-safe; cheap to share.
// Producers and consumers keep what they need of it alive, so the order of destruction is free.
class COMET_API Client {
 public:
  // Checks the options and starts the threads; servers are contacted on first use.
  static Result<std::shared_ptr<Client>> connect(ClientOptions options);
  ~Client();

  Result<Producer> producer(ProducerOptions options = {});
  Result<PullConsumer> pull_consumer(PullConsumerOptions options);
  // Consumes nothing before its start().
  Result<PushConsumer> push_consumer(PushConsumerOptions options);

  // All queues of a topic, from the route.
  Result<std::vector<Queue>> queues(const std::string& topic);

  // Closes every producer and consumer, then the connections. No callback runs afterwards.
  Result<void> close(std::chrono::milliseconds timeout = std::chrono::seconds(10));

  class Impl;  // internal
  explicit Client(std::shared_ptr<Impl> impl);

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace comet
