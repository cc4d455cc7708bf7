#include "sdk/src/route_cache.h"

#include <algorithm>
#include <future>
#include <optional>
#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/text.h"
#include "remoting/wire/response_code.h"
#include "sdk/src/error_mapping.h"
#include "sdk/src/name_space.h"

namespace comet::client {
namespace {

constexpr Duration kAskAgain = std::chrono::seconds(1);         // after no name server knew better
constexpr Duration kLeastTime = std::chrono::milliseconds(20);  // for one of them to answer

}  // namespace

// One question, which goes from name server to name server.
struct RouteCache::Asking {
  std::string topic, wire_topic;
  std::vector<std::string> servers;
  std::size_t first = 0;  // who is asked first
  std::size_t attempt = 0;
  MonoTime deadline{};
  std::string errors;
  std::optional<Error> refusal;  // the first answer that was none

  // What the next server is given, so that one that is silent does not take the others' time, nor
  // that in which the topic could be created.
  Duration TimeOfNext(Duration max) const {
    if (deadline == MonoTime::max()) return max;
    const auto parts = static_cast<std::int64_t>(servers.size() - attempt + (refusal ? 1 : 0));
    return std::clamp<Duration>((deadline - SystemClock().Now()) / parts, kLeastTime, max);
  }

  const std::string& server() const { return servers[(first + attempt) % servers.size()]; }
};

RouteCache::RouteCache(net::ClientPool& pool, Options options, BrokersCallback on_new_brokers)
    : pool_(pool),
      options_(std::move(options)),
      on_new_brokers_(std::move(on_new_brokers)),
      name_servers_(options_.name_servers) {}

RoutePtr RouteCache::Known(const std::string& topic, MonoTime now) {
  RoutePtr known;
  {
    MutexLock lock(mutex_);
    const auto found = entries_.find(topic);
    if (found == entries_.end() || !found->second.route) return nullptr;
    Entry& entry = found->second;
    known = entry.route;
    if (now < entry.fresh_until || now < entry.ask_again || entry.asking) return known;
    entry.asking = true;
  }
  StartAsking(topic, MonoTime::max());
  return known;
}

void RouteCache::Get(const std::string& topic, Callback done, MonoTime deadline) {
  RoutePtr known;
  {
    MutexLock lock(mutex_);
    Entry& entry = entries_[topic];
    if (entry.route && SystemClock().Now() < entry.fresh_until) {
      known = entry.route;
    } else {
      entry.waiting.push_back(std::move(done));
      if (entry.asking) return;
      entry.asking = true;
    }
  }
  if (known) {
    done(std::move(known));
  } else {
    StartAsking(topic, deadline);
  }
}

void RouteCache::SetNameServers(std::vector<std::string> name_servers) {
  MutexLock lock(mutex_);
  name_servers_ = std::move(name_servers);
  current_server_ = 0;
}

Result<RoutePtr> RouteCache::GetAndWait(const std::string& topic) {
  std::promise<Result<RoutePtr>> answer;
  auto future = answer.get_future();
  Get(topic, [&answer](Result<RoutePtr> route) { answer.set_value(std::move(route)); });
  return future.get();
}

void RouteCache::Distrust(const std::string& topic) {
  MutexLock lock(mutex_);
  const auto entry = entries_.find(topic);
  if (entry != entries_.end()) entry->second.fresh_until = MonoTime();
}

std::vector<std::string> RouteCache::KnownBrokers() {
  MutexLock lock(mutex_);
  std::vector<std::string> addresses;
  for (const auto& [topic, entry] : entries_) {
    if (!entry.route) continue;
    for (const auto& [name, by_id] : entry.route->brokers) {
      for (const auto& [id, address] : by_id) addresses.push_back(address);
    }
  }
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  return addresses;
}

void RouteCache::StartAsking(const std::string& topic, MonoTime deadline) {
  auto asking = std::make_shared<Asking>();
  asking->topic = topic;
  asking->deadline = deadline;
  asking->wire_topic = WrapName(options_.name_space, topic);
  {
    MutexLock lock(mutex_);
    asking->servers = name_servers_;
    asking->first = current_server_;
  }
  Ask(std::move(asking));
}

void RouteCache::Ask(std::shared_ptr<Asking> asking) {
  if (asking->attempt == asking->servers.size()) {
    if (asking->refusal) return Finish(asking->topic, *asking->refusal);
    Finish(asking->topic,
           Error(Errc::not_connected,
                 Concat("no name server could be asked for the route of ", asking->topic, ": ",
                        asking->errors,
                        "; check ClientOptions::namesrv and that a name server runs there")));
    return;
  }
  wire::GetRoute::Header header;
  header.topic = asking->wire_topic;
  header.standard_json = true;
  net::CallOptions options;
  options.timeout = asking->TimeOfNext(std::max(options_.call_timeout, kLeastTime));
  const auto client = pool_.Get(asking->server());
  client->Call<wire::GetRoute>(header, {}, options,
                               [this, asking](StatusOr<net::Answer<wire::GetRoute>> answer) {
                                 Asked(asking, std::move(answer));
                               });
}

void RouteCache::Asked(const std::shared_ptr<Asking>& asking,
                       StatusOr<net::Answer<wire::GetRoute>> answer) {
  const std::string& server = asking->server();
  const std::string& topic = asking->topic;
  if (!answer.ok()) {
    asking->errors +=
        Concat(asking->errors.empty() ? "" : "; ", server, ": ", answer.error().message());
    ++asking->attempt;
    Ask(asking);
    return;
  }
  const auto next = [&](Error refusal) {  // name servers know nothing of each other
    if (!asking->refusal) asking->refusal = std::move(refusal);
    ++asking->attempt;
    Ask(asking);
  };
  if (!answer->ok()) {
    return next(FromResponse(answer->code, answer->remark, Concat("the route of ", topic), server));
  }
  auto data = FromJson<wire::TopicRouteData>(answer->body);
  if (!data.ok()) return next(FromStatus(data.error(), Concat("the route of ", topic), server));
  {
    MutexLock lock(mutex_);
    if (name_servers_ == asking->servers) {
      current_server_ = (asking->first + asking->attempt) % asking->servers.size();
    }
  }
  Finish(topic, MakeRoute(topic, asking->wire_topic, options_.vip_channel, pool_, data.Take()));
}

// Those who wait get it before anybody can take it from memory, so that the order of the calls is
// the order of the answers.
void RouteCache::Finish(const std::string& topic, Result<RoutePtr> outcome) {
  std::vector<std::string> new_brokers;
  {
    MutexLock lock(mutex_);
    Entry& entry = entries_[topic];
    if (outcome) {
      new_brokers = AddBrokers(**outcome);
    } else {
      entry.ask_again = SystemClock().Now() + kAskAgain;
      if (entry.route) {
        // Traffic goes on with what is known while name servers are down, or have just been
        // started and know nothing yet. Of a topic that is deleted the brokers say so.
        outcome = entry.route;
        entry.fresh_until = entry.ask_again;
      }
    }
  }
  if (!new_brokers.empty()) on_new_brokers_(new_brokers);
  for (;;) {
    std::vector<Callback> waiting;
    {
      MutexLock lock(mutex_);
      Entry& entry = entries_[topic];
      waiting.swap(entry.waiting);
      if (waiting.empty()) {
        entry.asking = false;
        if (!outcome || entry.route == *outcome) return;
        entry.route = std::move(*outcome);
        entry.fresh_until = SystemClock().Now() + options_.refresh_interval;
        // However many sends fail, name servers are not asked without a pause.
        entry.ask_again = SystemClock().Now() + std::min(kAskAgain, options_.refresh_interval);
        return;
      }
    }
    for (Callback& done : waiting) done(outcome);
  }
}

std::vector<std::string> RouteCache::AddBrokers(const Route& route) {
  std::vector<std::string> added;
  for (const auto& [name, by_id] : route.brokers) {
    for (const auto& [id, address] : by_id) {
      if (seen_brokers_.insert(address).second) added.push_back(address);
    }
  }
  return added;
}

}  // namespace comet::client
