#pragma once

#include <map>
#include <string>

#include "broker/context.h"
#include "broker/waiting_requests.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/requests/get_broker_runtime_info.h"
#include "remoting/wire/requests/view_broker_stats.h"

namespace comet::broker {

// Figures of the running broker under the keys that mqadmin, the dashboard and the Prometheus
// exporter read. Where Apache's broker has thread pools this one has other lines to wait in:
//   send      for the store's writer; as many of the mean size as appendQueueBytes holds
//   pull      for a read from the disk; netUnansweredMax, the most that one connection may ask for
//   query     for the worker of administration and queries; its line
// Lite pulls are counted with pulls. 0, because there is nothing that could wait: litePull, ack,
// EndTransaction, pageCacheLockTimeMills (no lock to write), timer*, remainTransientStoreBuffer*.
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
  void AddLines(const WaitingRequests& waiting, Table* table) const;
  void AddStats(Table* table) const;
  void AddStore(Table* table) const;
  void AddDisk(Table* table) const;
  void AddDelays(Table* table) const;

  Context& context_;
};

// One item of the statistics, with everything that was counted before the request came.
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
