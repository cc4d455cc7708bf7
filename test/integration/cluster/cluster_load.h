#pragma once

#include <comet/client.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "ledger.h"
#include "remoting/base/clock.h"
#include "remoting/base/mutex.h"

namespace comet {

// Producers: one lane for every queue, which sends a message, waits for the receipt, notes it in
// the ledger and sends the next, whatever happens, at a moderate pace.
class ClusterLoad {
 public:
  static constexpr const char* kTopic = "orders";
  static constexpr const char* kMuchTopic = "much";  // of SendMuch
  static constexpr std::size_t kQueues = 4;          // of a broker

  ClusterLoad(Producer& producer, const std::vector<Queue>& queues, Ledger& ledger);
  ~ClusterLoad();  // stops
  ClusterLoad(const ClusterLoad&) = delete;
  ClusterLoad& operator=(const ClusterLoad&) = delete;

  // Returns when no lane has anything under way.
  void Pause() EXCLUDES(mutex_);
  void Resume() EXCLUDES(mutex_);

  // Sends so many bytes besides, which the ledger does not have, as fast as they are answered and
  // without waiting for slaves; returns when all are.
  void SendMuch(const std::string& broker, std::int64_t bytes);

  // Until every lane of the broker has sent a message from now on and was told SEND_OK. What is
  // wrong with the first that was not; empty when all were.
  std::string AwaitSendOk(const std::string& broker, Duration within) EXCLUDES(mutex_);

 private:
  struct Lane {
    Queue queue;
    int number = 0;
    std::int64_t started = 0, send_ok = -1;  // messages; the last one that was told SEND_OK
    bool busy = false;
    std::string trouble;  // of the last message, empty if it was told SEND_OK
    std::thread thread;
  };

  void Run(Lane& lane);
  bool BeginNext(Lane& lane) EXCLUDES(mutex_);
  void End(Lane& lane, const MessageName& name, const Result<SendReceipt>& receipt)
      EXCLUDES(mutex_);

  Producer& producer_;
  Ledger& ledger_;
  Mutex mutex_;
  CondVar changed_;
  bool pause_ GUARDED_BY(mutex_) = false, stop_ GUARDED_BY(mutex_) = false;
  std::vector<std::unique_ptr<Lane>> lanes_;  // their states under mutex_
};

}  // namespace comet
