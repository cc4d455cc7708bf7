#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>

#include "remoting/base/status_or.h"
#include "remoting/base/unique_function.h"
#include "remoting/net/endpoint.h"
#include "remoting/net/libevent_ptr.h"
#include "remoting/net/socket.h"

struct evdns_getaddrinfo_request;
struct addrinfo;

namespace comet::net {

// An IP address in text. kInvalid for anything else.
StatusOr<SocketAddress> NumericAddress(const std::string& host, std::uint16_t port);

// Host names to addresses without blocking the loop: /etc/hosts, then the name servers of
// /etc/resolv.conf. Owner thread of the loop.
class Resolver {
 public:
  using Done = UniqueFunction<void(StatusOr<SocketAddress>)>;

  explicit Resolver(event_base* base) : base_(base) {}
  ~Resolver();  // questions that are open are dropped
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // Calls `done` once, possibly before it returns.
  void Resolve(const HostPort& target, Done done);

 private:
  struct Question {
    Resolver* resolver;
    std::string host;
    Done done;
    evdns_getaddrinfo_request* request = nullptr;
  };
  static void OnAnswer(int error, addrinfo* addresses, void* question);

  event_base* base_;
  DnsPtr dns_;
  std::unordered_set<Question*> questions_;
};

}  // namespace comet::net
