#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "broker/broker_config.h"
#include "remoting/base/clock.h"
#include "remoting/base/file_system.h"
#include "remoting/base/status_or.h"
#include "remoting/net/net_settings.h"
#include "store/store_config.h"

namespace comet::broker {

struct Context;

struct BrokerOptions {
  BrokerConfig broker;
  store::StoreConfig store;
  net::NetSettings net;
  std::string config_file = {};  // where changed settings are kept; empty: nowhere
  FileSystem& fs;
  Clock& clock = SystemClock();
};

// One broker: builds its parts in order, and takes them down in reverse. Start and Stop are called
// by one thread, never a loop.
class Broker {
 public:
  // Recovers the store, loads the tables, listens, registers. On an error everything is taken down
  // again.
  static StatusOr<std::unique_ptr<Broker>> Start(BrokerOptions options);
  ~Broker();  // stops
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  // Leaves the name servers, closes the connections, writes and syncs what is waiting. The first
  // error of what was to be kept; the rest is done all the same. Idempotent.
  Status Stop();

  std::uint16_t port() const;          // of all requests
  std::uint16_t vip_port() const;      // of all but pulls
  std::uint16_t ha_port() const;       // of replicas; 0 on a slave
  std::uint16_t metrics_port() const;  // of Prometheus; 0 without metricsExporterType=PROM
  const BrokerConfig& config() const;  // as completed from the machine
  Context& context();

 private:
  struct Parts;
  explicit Broker(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace comet::broker
