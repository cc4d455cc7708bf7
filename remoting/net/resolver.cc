#include "remoting/net/resolver.h"

#include <netdb.h>

#include <cstring>
#include <utility>

#include <event2/dns.h>
#include <event2/util.h>

#include "remoting/base/text.h"

namespace comet::net {

namespace {

SocketAddress Copy(const addrinfo& info) {
  SocketAddress address;
  std::memcpy(&address.storage, info.ai_addr, info.ai_addrlen);
  address.size = static_cast<socklen_t>(info.ai_addrlen);
  return address;
}

}  // namespace

StatusOr<SocketAddress> NumericAddress(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), Concat(port).c_str(), &hints, &found) != 0) {
    return Status(Status::Code::kInvalid, Concat("'", host, "' is not an IP address"));
  }
  SocketAddress address = Copy(*found);
  freeaddrinfo(found);
  return address;
}

Resolver::~Resolver() {
  const auto open = std::exchange(questions_, {});
  for (Question* question : open) {
    // The answer, with EVUTIL_EAI_CANCEL, comes while dns_ goes.
    if (question->request != nullptr) evdns_getaddrinfo_cancel(question->request);
    question->done = nullptr;
  }
  dns_.reset();
}

void Resolver::Resolve(const HostPort& target, Done done) {
  if (auto numeric = NumericAddress(target.host, target.port); numeric.ok()) {
    done(std::move(numeric));
    return;
  }
  if (dns_ == nullptr) {
    dns_.reset(evdns_base_new(base_, EVDNS_BASE_DISABLE_WHEN_INACTIVE));
    // Without a readable resolv.conf the hosts file still counts.
    evdns_base_resolv_conf_parse(dns_.get(), DNS_OPTIONS_ALL, "/etc/resolv.conf");
  }
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = EVUTIL_AI_ADDRCONFIG;
  auto* question = new Question{this, target.host, std::move(done)};  // NOLINT: until OnAnswer
  questions_.insert(question);
  auto* request = evdns_getaddrinfo(dns_.get(), target.host.c_str(), Concat(target.port).c_str(),
                                    &hints, &OnAnswer, question);
  if (request != nullptr) question->request = request;  // null: answered already
}

void Resolver::OnAnswer(int error, addrinfo* addresses, void* asked) {
  const std::unique_ptr<Question> question(static_cast<Question*>(asked));
  if (!question->done) {  // the resolver is going
    if (addresses != nullptr) evutil_freeaddrinfo(addresses);
    return;
  }
  question->resolver->questions_.erase(question.get());
  if (error != 0 || addresses == nullptr) {
    question->done(Status(Status::Code::kUnavailable,
                          Concat("cannot resolve '", question->host,
                                 "': ", std::string_view(evutil_gai_strerror(error)))));
    return;
  }
  SocketAddress address = Copy(*addresses);
  evutil_freeaddrinfo(addresses);
  question->done(address);
}

}  // namespace comet::net
