#include "broker/ha/ha_server.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "remoting/base/log.h"
#include "remoting/base/text.h"

namespace comet::broker {
namespace {

using std::chrono::milliseconds;

constexpr int kBacklog = 64;
constexpr std::size_t kLinksMax = 64;    // replicas; the store counts no more
constexpr std::size_t kUnknownMax = 32;  // connections that have not reported
constexpr auto kFollowLook = milliseconds(2);
constexpr auto kRivalPatience = std::chrono::seconds(1);  // less than the claimant has
constexpr auto kRivalLook = milliseconds(10);

}  // namespace

StatusOr<std::unique_ptr<HaServer>> HaServer::Listen(const Parts& parts, const std::string& address,
                                                     std::uint16_t port) {
  COMET_ASSIGN(auto sockets, net::ListenShared(address, port, kBacklog, 1));
  std::unique_ptr<HaServer> server(new HaServer(parts));
  COMET_ASSIGN(server->port_, net::PortOf(sockets[0]));
  server->acceptor_.emplace(
      server->loop_, std::move(sockets[0]),
      [self = server.get()](net::Socket socket, net::Endpoint peer, const net::Endpoint&) {
        self->Accept(std::move(socket), std::move(peer));
      });
  LOG_INFO << "replicas may connect to " << address << ":" << server->port_;
  return server;
}

HaServer::HaServer(const Parts& parts) : parts_(parts), loop_(parts.loops.loop(0)) {
  Tick();
}

// Stored first and then looked at, while a link asks first and then looks at the log: one of the
// two sees the other.
void HaServer::OnLogMoved() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!wanted_.load(std::memory_order_relaxed) || !wanted_.exchange(false)) return;
  loop_.Post([this] { PumpAll(); });
}

void HaServer::PumpAll() {
  for (const auto& link : links_) link->Pump();
}

// --- connections -------------------------------------------------------------------------------

void HaServer::Accept(net::Socket socket, net::Endpoint peer) {
  MakeRoom();
  const auto reported = std::count_if(links_.begin(), links_.end(), [](const auto& link) {
    return !link->closed() && link->reported();
  });
  if (static_cast<std::size_t>(reported) >= kLinksMax) {
    parts_.metrics.refused.Add();
    LOG_WARN_LIMITED << "closing " << peer.text << ": " << kLinksMax
                     << " replicas copy this log, and there may be no more";
    return;
  }
  net::NoticeDeadPeer(socket.get());
  links_.push_back(std::make_unique<HaLink>(
      HaLink::Parts{loop_, chunks_, parts_.store, parts_.config, parts_.metrics, refusals_,
                    [this] {
                      wanted_.store(true);
                      std::atomic_thread_fence(std::memory_order_seq_cst);
                    },
                    [this](HaLink&) {
                      loop_.Post([this] { Forget(); });
                    }},
      std::move(socket), std::move(peer)));
}

// Whoever connects and says nothing must not keep replicas out: the oldest of them goes, one that
// has said who it is last.
void HaServer::MakeRoom() {
  const auto silent = [](const auto& link) {
    return !link->closed() && !link->reported();
  };
  const auto nameless = [&](const auto& link) {
    return silent(link) && link->broker_id() < 0;
  };
  const auto count = std::ranges::count_if(links_, silent);
  if (static_cast<std::size_t>(count) < kUnknownMax) return;
  auto goes = std::ranges::find_if(links_, nameless);
  if (goes == links_.end()) goes = std::ranges::find_if(links_, silent);
  parts_.metrics.refused.Add();
  (*goes)->Close("others came and it was silent");
}

void HaServer::Forget() {
  std::erase_if(links_, [](const auto& link) { return link->closed(); });
}

// --- the end -----------------------------------------------------------------------------------

void HaServer::LetFollow(Duration at_most) {
  std::promise<void> done;
  auto followed = done.get_future();
  loop_.Post([this, until = loop_.clock().Now() + at_most, done = std::move(done)]() mutable {
    WatchFollowing(until, std::move(done));
  });
  followed.wait();  // a loop that has ended drops the promise, which ends this as well
}

void HaServer::WatchFollowing(MonoTime until, std::promise<void> done) {
  if (AllFollowed() || loop_.clock().Now() >= until) return done.set_value();
  loop_.After(kFollowLook, [this, until, done = std::move(done)]() mutable {
    WatchFollowing(until, std::move(done));
  });
}

// One that is not in sync would take too long.
bool HaServer::AllFollowed() const {
  const auto end = parts_.store.log().end();
  const auto all = parts_.store.replicas().All();
  return std::ranges::all_of(
      all, [end](const auto& replica) { return !replica.in_sync || replica.acked >= end; });
}

// --- who is there ------------------------------------------------------------------------------

void HaServer::Identify(std::string address, std::int64_t broker_id,
                        UniqueFunction<void(Status)> done) {
  loop_.Post([this, address = std::move(address), broker_id, done = std::move(done)]() mutable {
    Begin({std::move(address), broker_id, std::move(done), loop_.clock().Now()});
  });
}

void HaServer::Begin(Claim claim) {
  const bool known = Knows(claim.address);
  const bool answered = known ? Claimant(claim) == nullptr : claiming_.size() >= kUnknownMax;
  if (answered) return claim.done({});
  if (!claiming_.insert(claim.address).second) {
    return claim.done({Status::Code::kUnavailable, "it has asked already, and is to wait"});
  }
  AwaitConnection(std::move(claim));
}

// The question may have overtaken its connection.
void HaServer::AwaitConnection(Claim claim) {
  const auto now = loop_.clock().Now();
  if (!Knows(claim.address) && now - claim.since < kRivalPatience) {
    loop_.After(kRivalLook,
                [this, claim = std::move(claim)]() mutable { AwaitConnection(std::move(claim)); });
    return;
  }
  claim.since = now;
  for (const auto& link : links_) {
    if (link->broker_id() == claim.broker_id) link->Probe();
  }
  Decide(std::move(claim));
}

// The same replica comes again while its old connection seems to be there still, because nobody
// told us of its end; or there are two. One that lives answers a heartbeat.
void HaServer::Decide(Claim claim) {
  HaLink* const claimant = Claimant(claim);
  HaLink* const rival = claimant == nullptr ? nullptr : RivalOf(claim);
  if (rival != nullptr && rival->last_report() <= claim.since) {
    if (loop_.clock().Now() - claim.since < kRivalPatience) {
      loop_.After(kRivalLook,
                  [this, claim = std::move(claim)]() mutable { Decide(std::move(claim)); });
      return;
    }
    rival->Close("it did not answer, and its broker has connected again");
    return Decide(std::move(claim));  // there may be another one
  }
  claiming_.erase(claim.address);
  if (claimant == nullptr) return claim.done({});
  auto identified = parts_.store.replicas().Identify(claim.address, claim.broker_id);
  if (identified.ok()) claimant->Identify(claim.broker_id);
  claim.done(std::move(identified));
}

HaLink* HaServer::Claimant(const Claim& claim) const {
  const auto link = std::ranges::find_if(links_, [&](const auto& one) {
    return !one->closed() && !one->reported() && one->peer().text == claim.address;
  });
  return link == links_.end() ? nullptr : link->get();
}

bool HaServer::Knows(const std::string& address) const {
  return std::ranges::any_of(links_, [&](const auto& one) { return one->peer().text == address; });
}

HaLink* HaServer::RivalOf(const Claim& claim) const {
  const auto link = std::ranges::find_if(links_, [&](const auto& one) {
    return !one->closed() && one->broker_id() == claim.broker_id &&
           one->peer().text != claim.address;
  });
  return link == links_.end() ? nullptr : link->get();
}

// --- time --------------------------------------------------------------------------------------

void HaServer::Tick() {
  const auto config = parts_.config.Get();
  const auto now = loop_.clock().Now();
  for (const auto& link : links_) {
    if (!link->closed()) link->Tick(now);
  }
  const auto shortest = std::min(config->ha_heartbeat_ms, config->ha_silence_max_ms);
  const auto next = milliseconds(std::clamp<std::int64_t>(shortest / 4, 1, kHaTickMsMax));
  loop_.After(next, [this] { Tick(); });
}

}  // namespace comet::broker
