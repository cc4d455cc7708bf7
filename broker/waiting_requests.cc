#include "broker/waiting_requests.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace comet::broker {
namespace {

std::int64_t Ms(Duration time) {
  return std::max<std::int64_t>(time / std::chrono::milliseconds(1), 0);
}

Waiting WaitingIn(const WaitingLine::State& line) {
  return {static_cast<std::int64_t>(line.size), Ms(line.head_wait)};
}

void Add(const Waiting& more, Waiting* sum) {
  sum->requests += more.requests;
  sum->head_wait_ms = std::max(sum->head_wait_ms, more.head_wait_ms);
}

}  // namespace

void CountWaiting(Context& context, UniqueFunction<void(const WaitingRequests&)> done) {
  struct Round {
    std::size_t missing;
    WaitingRequests sum;
    UniqueFunction<void(const WaitingRequests&)> done;
  };
  auto round = std::make_shared<Round>(Round{context.by_loop.size(), {}, std::move(done)});
  round->sum.pulls = WaitingIn(context.cold_line->At(context.clock.Now()));
  for (const auto* router : context.routers) Add(WaitingIn(router->Waiting()), &round->sum.rest);
  for (const auto& loop : context.by_loop) {
    loop->loop.Post([&context, &loop = *loop, round] {
      const auto sends = loop.sends.waiting();
      const Waiting here{sends.sends, sends.sends == 0 ? 0 : Ms(context.clock.Now() - sends.since)};
      context.worker.Post([round, here] {
        Add(here, &round->sum.sends);
        if (--round->missing == 0) round->done(round->sum);
      });
    });
  }
}

}  // namespace comet::broker
