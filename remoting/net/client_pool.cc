#include "remoting/net/client_pool.h"

#include <utility>

namespace comet::net {

ClientPool::ClientPool(LoopGroup& group, ClientOptions options)
    : group_(group), options_(std::move(options)) {}

ClientPool::~ClientPool() {
  CloseAll();
}

std::shared_ptr<Client> ClientPool::Get(std::string_view address) {
  MutexLock lock(mutex_);
  auto& client = clients_[std::string(address)];
  if (client == nullptr) client = Client::Create(group_, std::string(address), options_);
  return client;
}

void ClientPool::Close(std::string_view address) {
  std::shared_ptr<Client> closing;
  {
    MutexLock lock(mutex_);
    const auto found = clients_.find(std::string(address));
    if (found == clients_.end()) return;
    closing = std::move(found->second);
    clients_.erase(found);
  }
  closing->Close();
}

void ClientPool::CloseAll() {
  std::unordered_map<std::string, std::shared_ptr<Client>> closing;
  {
    MutexLock lock(mutex_);
    closing.swap(clients_);
  }
  for (const auto& [address, client] : closing) client->Close();
}

std::vector<std::string> ClientPool::Addresses() const {
  std::vector<std::string> addresses;
  MutexLock lock(mutex_);
  addresses.reserve(clients_.size());
  for (const auto& [address, client] : clients_) addresses.push_back(address);
  return addresses;
}

}  // namespace comet::net
