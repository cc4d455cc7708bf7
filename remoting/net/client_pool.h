#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "remoting/base/mutex.h"
#include "remoting/net/client.h"

namespace comet::net {

// The clients of one component by address, spread over the loops of a group. Any thread.
// Closing does not wait, as with Client::Close.
class ClientPool {
 public:
  ClientPool(LoopGroup& group, ClientOptions options);
  ~ClientPool();  // closes all
  ClientPool(const ClientPool&) = delete;
  ClientPool& operator=(const ClientPool&) = delete;

  // The one client of that address, made at the first call. It connects when it is used.
  std::shared_ptr<Client> Get(std::string_view address) EXCLUDES(mutex_);

  void Close(std::string_view address) EXCLUDES(mutex_);  // and forgets it
  void CloseAll() EXCLUDES(mutex_);
  std::vector<std::string> Addresses() const EXCLUDES(mutex_);

 private:
  LoopGroup& group_;
  const ClientOptions options_;
  mutable Mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Client>> clients_ GUARDED_BY(mutex_);
};

}  // namespace comet::net
