#pragma once

#include "namesrv/kv_table.h"
#include "namesrv/namesrv_config.h"
#include "namesrv/registry.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/query_data_version.h"
#include "remoting/wire/requests/register_broker.h"

namespace comet::namesrv {

// A broker tells where it is and which topics it has: at its start, every 30 s, and when they
// change. The body is JSON, or zlib-compressed, or empty.
class RegisterBrokerHandler {
 public:
  using Request = wire::RegisterBroker;
  static constexpr net::Lane kLane = net::Lane::kWorker;

  RegisterBrokerHandler(Registry& registry, const KvTable& kv, const Live<NamesrvConfig>& settings)
      : registry_(registry), kv_(kv), settings_(settings) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  Registry& registry_;
  const KvTable& kv_;
  const Live<NamesrvConfig>& settings_;
};

// A broker asks whether it must register again; that it asks is a sign of life.
class QueryDataVersionHandler {
 public:
  using Request = wire::QueryDataVersion;
  static constexpr net::Lane kLane = net::Lane::kWorker;

  explicit QueryDataVersionHandler(Registry& registry) : registry_(registry) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder reply);

 private:
  Registry& registry_;
};

}  // namespace comet::namesrv
