#pragma once

#include <map>
#include <string>

#include "broker/context.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/get_broker_runtime_info.h"
#include "remoting/wire/requests/view_broker_stats.h"

namespace comet::broker {

// Figures of the running broker under the keys that mqadmin, the dashboard and the Prometheus
// exporter read. Requests wait in no queue of a thread pool here, nor for a lock to write: the
// keys that speak of these are 0, but for the capacity, which is that of the worker's queue.
class GetBrokerRuntimeInfoHandler {
 public:
  using Request = wire::GetBrokerRuntimeInfo;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit GetBrokerRuntimeInfoHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  using Table = std::map<std::string, std::string>;
  void AddBroker(Table* table) const;
  void AddStats(Table* table) const;
  void AddStore(Table* table) const;
  void AddDisk(Table* table) const;
  void AddDelays(Table* table) const;

  Context& context_;
};

// One item of the statistics.
class ViewBrokerStatsHandler {
 public:
  using Request = wire::ViewBrokerStats;
  static constexpr net::Lane kLane = net::Lane::kWorker;
  explicit ViewBrokerStatsHandler(Context& context) : context_(context) {}
  void Handle(const Request::Header& header, const net::RequestContext& request,
              net::Responder&& reply);

 private:
  Context& context_;
};

}  // namespace comet::broker
