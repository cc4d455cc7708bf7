#include "remoting/net/loop_group.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <latch>
#include <memory>
#include <system_error>

#include "remoting/base/check.h"
#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/net/connection.h"
#include "remoting/net/io_loop.h"

namespace comet::net {

namespace {

void NameAndPlaceThread(const LoopGroupOptions& options, std::size_t index) {
  pthread_setname_np(pthread_self(), Concat(options.name.substr(0, 11), "-", index).c_str());
  if (!options.pin) return;
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(index, &cpus);
  if (pthread_setaffinity_np(pthread_self(), sizeof(cpus), &cpus) != 0) {
    LOG_WARN << "cannot pin loop " << index << " to CPU " << index;
  }
}

// A peer that has gone is an error of the write. sendfile would raise the signal as well.
void BlockBrokenPipeSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

LoopGroupOptions Bounded(LoopGroupOptions options) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    options.config.connections_per_loop_max =
        ConnectionsPerLoop(options.config, options.loops, limit.rlim_cur);
  }
  return options;
}

}  // namespace

std::int32_t ConnectionsPerLoop(const NetConfig& config, std::size_t loops,
                                std::uint64_t descriptors) {
  const auto share = descriptors / 4 * 3 / loops;
  return static_cast<std::int32_t>(
      std::min<std::uint64_t>(share, static_cast<std::uint64_t>(config.connections_per_loop_max)));
}

LoopGroup::LoopGroup(LoopGroupOptions options)
    : options_(Bounded(std::move(options))),
      clock_(options_.clock != nullptr ? *options_.clock : SystemClock()) {
  COMET_CHECK_GE(options_.loops, std::size_t{1});
  for (std::uint32_t i = 0; i < options_.loops; ++i) {
    loops_.push_back(std::make_unique<IoLoop>(i, options_.config, clock_, metrics_));
  }
}

LoopGroup::~LoopGroup() {
  Stop();
}

Status LoopGroup::TryStart() {
  COMET_CHECK(threads_.empty());
  for (const auto& io : loops_) {
    if (!io->loop().usable()) {
      return {Status::Code::kUnavailable, "no descriptors are left for an event loop"};
    }
  }
  // Shared: a loop that is stopped before it ran drops the task with its owner.
  const auto running = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(loops_.size()));
  for (const auto& io : loops_) io->loop().Post([running] { running->count_down(); });
  try {
    for (std::size_t i = 0; i < loops_.size(); ++i) {
      threads_.emplace_back([this, i] { RunLoop(i); });
    }
  } catch (const std::system_error& error) {
    Stop();
    return {Status::Code::kUnavailable, Concat("no thread for an event loop: ", error.what())};
  }
  running->wait();  // so that the loops belong to their threads when this returns
  return {};
}

void LoopGroup::Start() {
  const Status started = TryStart();
  if (!started.ok()) CheckFailed(__FILE__, __LINE__, "the loops start", started.message());
}

void LoopGroup::RunLoop(std::size_t index) {
  NameAndPlaceThread(options_, index);
  BlockBrokenPipeSignal();
  loops_[index]->loop().Run();
  loops_[index]->CloseAll();
}

void LoopGroup::Stop() {
  for (const auto& io : loops_) io->loop().Stop();
  for (std::jthread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  // What a dropped task owns may still post to another loop, so all exist until all are dropped.
  for (const auto& io : loops_) io->loop().DropTasks();
}

EventLoop& LoopGroup::loop(std::size_t index) {
  return loops_[index]->loop();
}

IoLoop& LoopGroup::NextIo() {
  return *loops_[next_loop_.fetch_add(1, std::memory_order_relaxed) % loops_.size()];
}

EventLoop& LoopGroup::Next() {
  return NextIo().loop();
}

void LoopGroup::Wake() {
  for (const auto& io : loops_) io->loop().Wake();
}

Responder LoopGroup::Unpark(const Ticket& ticket) {
  if (ticket.loop == Ticket::kNobody) return {};
  COMET_CHECK_LT(ticket.loop, loops_.size());
  IoLoop& io = *loops_[ticket.loop];
  COMET_CHECK(io.loop().OnOwnerThread());
  const auto request = io.pending().Take(ticket);
  if (!request || io.Find(request->connection) == nullptr) return {};
  return {&io, request->connection, request->opaque, request->form};
}

void LoopGroup::Send(ConnectionId to, EncodedCall call) {
  if (to.loop >= loops_.size()) {
    call.Fail(Status::Code::kClosed, "the connection is closed");
    return;
  }
  IoLoop& io = *loops_[to.loop];
  io.loop().Post([&io, to, call = std::move(call)]() mutable {
    if (Connection* connection = io.Find(to)) {
      connection->Send(std::move(call));
    } else {
      call.Fail(Status::Code::kClosed, "the connection is closed");
    }
  });
}

void LoopGroup::CloseConnection(ConnectionId connection, std::string reason) {
  if (connection.loop >= loops_.size()) return;
  IoLoop& io = *loops_[connection.loop];
  io.loop().Post([&io, connection, reason = std::move(reason)] {
    Connection* const found = io.Find(connection);
    if (found == nullptr) return;
    LOG_INFO << "closing " << found->peer().text << ": " << reason;
    found->Close(reason);
  });
}

}  // namespace comet::net
