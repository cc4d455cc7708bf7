#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "broker/broker_config.h"
#include "remoting/base/describe_config.h"
#include "remoting/base/unique_function.h"
#include "remoting/net/client_pool.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/requests/attach_replica.h"
#include "store/store.h"

namespace comet::broker {

// What a slave asks its master before it copies the log, on the port of requests: whether it may,
// where the log begins, and whether the last message that it has is the master's too. Apache's
// masters are asked the same with what they know. The ha loop's thread.
class LogAgreement {
 public:
  struct Parts {
    net::LoopGroup& loops;  // one loop, the ha loop
    store::Store& store;
    const Live<BrokerConfig>& config;
  };
  struct Question {
    // ip:port of the master's requests; empty: unknown. Then the port below the HA port is asked;
    // an empty log may do without the answer.
    std::string master;
    std::string ha_master;   // its HA port, for messages
    std::string ha_address;  // our end of the HA connection
  };
  struct Answer {
    std::optional<std::int64_t> begin;  // of the master's log, when it has said so
    // Where the master takes requests; empty: nobody has said so, nor shown to be it.
    std::string requests;
  };
  // kUnavailable: nobody answered. Any other error: the logs or the brokers do not belong together,
  // and the sentence says why and what to do.
  using Done = UniqueFunction<void(StatusOr<Answer>)>;

  explicit LogAgreement(const Parts& parts);
  // `done` is called once, possibly before this returns.
  void Ask(Question question, Done done);

 private:
  struct Asking;

  void Attach(std::unique_ptr<Asking> asking);
  void AskForBegin(std::unique_ptr<Asking> asking);
  void Compare(std::unique_ptr<Asking> asking);

  const Parts parts_;
  net::ClientPool clients_;
  std::string asked_;  // the address that was asked last: no other is kept
};

}  // namespace comet::broker
