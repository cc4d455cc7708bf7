#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remoting/base/status_or.h"
#include "remoting/net/client_pool.h"
#include "remoting/net/loop_group.h"

namespace comet::client {

struct AdminOptions {
  std::vector<std::string> namesrv;  // host:port, tried in this order
  Duration timeout = std::chrono::seconds(5);
};

// An answer with a code other than 0 as an error: kNotFound for what does not exist, kInvalid for
// what the server calls wrong input, kUnavailable for what may work later, kIo for the rest. The
// message has the address, the code with its name, and the server's remark.
Status ErrorOfAnswer(std::string_view address, std::int32_t code, std::string_view remark);

// Administration requests to brokers and name servers, one at a time: whoever calls waits.
// Owns its connections and one event loop. Any thread but the loop's.
class AdminCalls {
 public:
  explicit AdminCalls(AdminOptions options);
  AdminCalls(const AdminCalls&) = delete;
  AdminCalls& operator=(const AdminCalls&) = delete;

  // Whatever the peer answers; errors are those of the network.
  template <wire::Request R>
  StatusOr<net::OwnedAnswer<R>> Ask(std::string_view address, const typename R::Header& header,
                                    std::string_view body = {}, net::CallOptions options = {}) {
    options.timeout = options_.timeout;
    return Wait<R>(address, header, body, options);
  }

  // The answer with code 0 of a server that may take longer than others.
  template <wire::Request R>
  StatusOr<net::OwnedAnswer<R>> CallFor(Duration timeout, std::string_view address,
                                        const typename R::Header& header) {
    net::CallOptions options;
    options.timeout = timeout;
    auto answer = Wait<R>(address, header, {}, options);
    if (answer.ok() && !(*answer)->ok()) {
      return Refusal(address, (*answer)->code, (*answer)->remark);
    }
    return answer;
  }

  // The answer with code 0; everything else is an error.
  template <wire::Request R>
  StatusOr<net::OwnedAnswer<R>> Call(std::string_view address, const typename R::Header& header,
                                     std::string_view body = {}, net::CallOptions options = {}) {
    auto answer = Ask<R>(address, header, body, options);
    if (answer.ok() && !(*answer)->ok()) {
      return Refusal(address, (*answer)->code, (*answer)->remark);
    }
    return answer;
  }

  // The first name server that answers, whatever it answers: all of them know the same.
  template <wire::Request R>
  StatusOr<net::OwnedAnswer<R>> CallNamesrv(const typename R::Header& header,
                                            std::string_view body = {}) {
    Status last = NoNamesrv();
    for (const std::string& address : options_.namesrv) {
      auto answer = Ask<R>(address, header, body);
      if (!answer.ok()) {
        last = answer.TakeError();
        continue;
      }
      if (!(*answer)->ok()) return Refusal(address, (*answer)->code, (*answer)->remark);
      return answer;
    }
    return last;
  }

  // Every name server, because they do not talk to each other; the first error, if any.
  template <wire::Request R>
  Status CallEveryNamesrv(const typename R::Header& header, std::string_view body = {}) {
    Status first;
    if (options_.namesrv.empty()) return NoNamesrv();
    for (const std::string& address : options_.namesrv) {
      auto answer = Call<R>(address, header, body);
      if (!answer.ok() && first.ok()) first = answer.TakeError();
    }
    return first;
  }

  const std::vector<std::string>& namesrv() const { return options_.namesrv; }
  static Status NoNamesrv();  // says how to give one
  // Some answer was NO_PERMISSION; its error is kIo, as a Status knows no such thing.
  bool refused() const { return refused_; }

 private:
  template <wire::Request R>
  StatusOr<net::OwnedAnswer<R>> Wait(std::string_view address, const typename R::Header& header,
                                     std::string_view body, const net::CallOptions& options) {
    auto answer = pool_.Get(address)->CallAndWait<R>(header, body, options);
    if (!answer.ok()) return answer.TakeError().Annotate(address);
    return answer;
  }

  Status Refusal(std::string_view address, std::int32_t code, std::string_view remark);

  const AdminOptions options_;
  net::LoopGroup loops_;
  net::ClientPool pool_;
  std::atomic<bool> refused_ = false;
};

}  // namespace comet::client
