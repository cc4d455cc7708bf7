#pragma once

#include <comet/options.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "remoting/base/mutex.h"
#include "remoting/net/client_pool.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/message_id.h"
#include "sdk/src/interceptors.h"
#include "sdk/src/route_cache.h"

namespace comet::client {

// What every producer and consumer of one Client shares: event loops, connections, routes, ids,
// the heartbeat. Thread-safe. Kept alive by those who use it.
class Runtime : public std::enable_shared_from_this<Runtime> {
 public:
  static Result<std::shared_ptr<Runtime>> Start(ClientOptions options);
  ~Runtime();

  const ClientOptions& options() const { return options_; }
  const Interceptors& interceptors() const { return interceptors_; }
  RouteCache& routes() { return routes_; }
  net::EventLoop& loop() { return loops_.loop(0); }
  std::shared_ptr<net::Client> ServerAt(const std::string& address) { return pool_.Get(address); }
  std::string NextMessageId() { return ids_.Next(); }
  // An error on our own threads: a call that waits would wait for itself.
  Result<void> MayWait(std::string_view call);

  // The groups of this client. Brokers learn them by heartbeat: when a group is added, when a route
  // names a broker for the first time, and every interval.
  void AddProducerGroup(const std::string& group) EXCLUDES(mutex_);
  void RemoveProducerGroup(const std::string& group) EXCLUDES(mutex_);

  void Log(Severity severity, std::string_view component, std::string_view text) const;

  // Ends all connections; every call under way is answered before this returns. Never on a loop.
  void Close();

 private:
  // The last owner may be a callback: a loop's thread cannot end itself.
  struct Delete {
    void operator()(Runtime* runtime) const;
  };

  Runtime(ClientOptions options, std::vector<std::string> name_servers);
  bool OnLoop();
  void LogThroughOptions();
  void BeatLater();
  void Beat(const std::vector<std::string>& brokers) EXCLUDES(mutex_);

  const ClientOptions options_;
  const Interceptors interceptors_;
  const std::string client_id_;
  wire::UniqueIdGenerator ids_;
  std::atomic<bool> closed_ = false;
  Mutex mutex_;
  std::map<std::string, int> producer_groups_ GUARDED_BY(mutex_);  // name -> users
  net::LoopGroup loops_;
  RouteCache routes_;
  net::ClientPool pool_;
};

}  // namespace comet::client
