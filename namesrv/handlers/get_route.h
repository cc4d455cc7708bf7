#pragma once

#include "namesrv/kv_table.h"
#include "namesrv/namesrv_config.h"
#include "namesrv/registry.h"
#include "remoting/base/clock.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/get_route.h"

namespace comet::namesrv {

// Where a topic is: what every client, broker and tool asks. Clients older than 4.9.4 parse the
// bare integer keys of Java's JSON by hand; all others get strict JSON.
class GetRouteHandler {
 public:
  using Request = wire::GetRoute;
  static constexpr net::Lane kLane = net::Lane::kLoop;

  GetRouteHandler(const Registry& registry, const KvTable& kv, const Live<NamesrvConfig>& settings,
                  const Clock& clock)
      : registry_(registry), kv_(kv), settings_(settings), clock_(clock), start_(clock.Now()) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  bool IsReady(const NamesrvConfig& settings) const;

  const Registry& registry_;
  const KvTable& kv_;
  const Live<NamesrvConfig>& settings_;
  const Clock& clock_;
  const MonoTime start_;
};

}  // namespace comet::namesrv
