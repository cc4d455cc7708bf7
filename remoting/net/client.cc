#include "remoting/net/client.h"

#include <utility>

#include "remoting/net/client_core.h"
#include "remoting/net/io_loop.h"

namespace comet::net {

std::shared_ptr<Client> Client::Create(LoopGroup& group, std::string address,
                                       ClientOptions options) {
  IoLoop& io = group.NextIo();
  auto core = std::make_shared<Core>(io, address, options);
  return std::shared_ptr<Client>(
      new Client(std::move(core), io.loop().clock(), std::move(address), options));
}

Client::Client(std::shared_ptr<Core> core, Clock& clock, std::string address,
               const ClientOptions& options)
    : core_(std::move(core)),
      clock_(clock),
      address_(std::move(address)),
      form_(options.form),
      language_(options.language) {}

Client::~Client() {
  Close();
}

void Client::Submit(EncodedCall& call, const RequestWriter& write, std::size_t body_bytes) {
  core_->Submit(call, write, body_bytes);
}

void Client::Close() {
  core_->Close();
}

std::int32_t Client::in_flight() const {
  return core_->in_flight();
}

EventLoop& Client::loop() {
  return core_->loop();
}

}  // namespace comet::net
