#pragma once

#include <memory>

struct event_base;
struct event;
struct evdns_base;

namespace comet::net {

// libevent's structs with their destructors. The header is included by public ones, so it only
// declares them.
struct EventDeleter {
  void operator()(event_base* base) const;
  void operator()(event* event) const;  // a pending one is removed first
  void operator()(evdns_base* dns) const;
};

using EventBasePtr = std::unique_ptr<event_base, EventDeleter>;
using EventPtr = std::unique_ptr<event, EventDeleter>;
using DnsPtr = std::unique_ptr<evdns_base, EventDeleter>;

}  // namespace comet::net
