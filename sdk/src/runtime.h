#pragma once

#include <comet/options.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remoting/base/mutex.h"
#include "remoting/base/worker.h"
#include "remoting/net/client_pool.h"
#include "remoting/net/loop_group.h"
#include "remoting/wire/message_id.h"
#include "sdk/src/client_groups.h"
#include "sdk/src/interceptors.h"
#include "sdk/src/name_servers.h"
#include "sdk/src/route_cache.h"
#include "sdk/src/server_requests.h"

namespace comet::client {

// What every producer and consumer of one Client shares: event loops, connections, routes, ids,
// groups and the heartbeat, a thread for what blocks. Thread-safe. Kept alive by those who use it.
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
  const std::string& client_id() const { return client_id_; }
  // In a child process after fork(): the threads are not there, and locks may be held for ever.
  // Nothing of this client may be touched, not even to destroy it.
  bool forked() const;  // cheap
  Result<void> RefuseIfForked() const;
  void AppendMessageId(WallMs now, std::string* to) { ids_.Append(now, to); }
  // Marks this thread while it runs a callback of this client: close() delivers them too. What
  // another client has to say may be waited for there.
  class NoWaitScope {
   public:
    explicit NoWaitScope(const Runtime& runtime)
        : runtime_(&runtime), outer_(std::exchange(innermost_, this)) {}
    ~NoWaitScope() { innermost_ = outer_; }
    NoWaitScope(const NoWaitScope&) = delete;
    NoWaitScope& operator=(const NoWaitScope&) = delete;
    static bool Inside(const Runtime* runtime) {
      const NoWaitScope* scope = innermost_;
      while (scope != nullptr && scope->runtime_ != runtime) scope = scope->outer_;
      return scope != nullptr;
    }

   private:
    const Runtime* const runtime_;  // no more than its address: a callback may let go of it
    const NoWaitScope* const outer_;
    static thread_local const NoWaitScope* innermost_;
  };
  // An error on our own threads and in callbacks: a call that waits would wait for itself.
  Result<void> MayWait(std::string_view call);

  // The groups of this client, by the brokers' names. Brokers learn them by heartbeat: when a group
  // is added, when a route names a broker for the first time, when a connection comes back, and
  // every interval.
  void AddProducerGroup(const std::string& group);
  void RemoveProducerGroup(const std::string& group);
  Result<void> AddConsumer(const std::string& group, const std::shared_ptr<GroupMember>& member);
  // Tells all known brokers; `done` runs when they have answered.
  void RemoveConsumer(const std::string& group, std::function<void()> done) EXCLUDES(telling_);
  // A heartbeat to all known brokers; `done` runs when they have answered, on a loop or at once.
  void BeatNow(std::function<void()> done = nullptr);
  // One to a broker that does not know a group of this client; not more than one a second.
  void BeatAgain(const std::string& address) EXCLUDES(mutex_);

  // Runs the task on a loop after the delay, unless the client is closed before; any thread.
  void After(Duration delay, Task task);
  // Runs the task on the one thread that may block; any thread.
  void Work(Task task) EXCLUDES(mutex_);

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
  bool OnOwnThread() EXCLUDES(mutex_);  // a loop's or the worker's
  void LogThroughOptions();
  net::ClientOptions ConnectionOptions();
  void WatchNameServers(std::unique_ptr<NameServers> source);
  void BeatLater();
  void Beat(const std::vector<std::string>& brokers, const std::function<void()>& done = nullptr);
  void OnState(bool connected);

  const ClientOptions options_;
  const Interceptors interceptors_;
  const std::string client_id_;
  wire::UniqueIdGenerator ids_;
  const std::uint32_t forks_before_;
  std::atomic<bool> closed_ = false;
  std::atomic<bool> beat_due_ = false;  // a connection has come up
  ClientGroups groups_;
  ServerRequests server_requests_;
  // From what a client says about its groups until that is submitted: else a heartbeat that still
  // names a group could follow the farewell.
  Mutex telling_;
  Mutex mutex_;
  std::map<std::string, MonoTime> beaten_again_ GUARDED_BY(mutex_);
  std::unique_ptr<Worker> worker_ GUARDED_BY(mutex_);  // from the first Work() on
  net::LoopGroup loops_;
  RouteCache routes_;
  net::ClientPool pool_;
};

}  // namespace comet::client
