#include "remoting/net/client_core.h"

#include <algorithm>
#include <utility>

#include "remoting/base/log.h"
#include "remoting/base/text.h"

namespace comet::net {

namespace {

constexpr std::size_t kOwnBytesFrom = 16 << 10;  // a copy costs more than an allocation
constexpr std::size_t kHeaderBytesGuess = 1 << 10;
constexpr std::size_t kKeptBytesMax = 1 << 20;  // of an empty buffer

// Posted once for all calls that wait; when the loop drops it they fail instead.
template <class Core>
class DrainTask {
 public:
  explicit DrainTask(std::shared_ptr<Core> core) : core_(std::move(core)) {}
  DrainTask(DrainTask&&) noexcept = default;
  DrainTask& operator=(DrainTask&&) = delete;
  DrainTask(const DrainTask&) = delete;
  DrainTask& operator=(const DrainTask&) = delete;
  ~DrainTask() {
    if (core_ != nullptr) core_->FailWaiting();
  }
  void operator()() { std::exchange(core_, nullptr)->Drain(); }

 private:
  std::shared_ptr<Core> core_;
};

}  // namespace

Client::Core::Core(IoLoop& io, std::string address, ClientOptions options)
    : io_(io),
      address_(std::move(address)),
      options_(std::move(options)),
      calls_(io, address_),
      dialer_(io) {
  calls_.OnTimeout([this](MonoTime since) { OnCallTimeout(since); });
}

// --- calls -------------------------------------------------------------------------------------

// Whether there is room for the call; a two-way one then has its slot.
bool Client::Core::Admit(EncodedCall& call, std::size_t body_bytes) {
  if (waiting_bytes_.load(std::memory_order_relaxed) + static_cast<std::int64_t>(body_bytes) >
      io_.config().output_limit_bytes / 2) {
    return false;
  }
  return call.oneway || call.slot.Take(in_flight_, options_.in_flight_max);
}

void Client::Core::Submit(EncodedCall& call, const RequestWriter& write, std::size_t body_bytes) {
  if (!Admit(call, body_bytes)) {
    if (call.oneway) return;
    io_.loop().Post([call = std::move(call), address = address_]() mutable {
      call.Fail(Status::Code::kFull, Concat("too many calls to ", address, " in flight"));
    });
    return;
  }
  if (SendAtOnce(call, write)) return;
  if (body_bytes >= kOwnBytesFrom) {  // not under the lock, and not copied again
    call.bytes.reserve(body_bytes + kHeaderBytesGuess);
    write(&call.bytes);
  }
  bool first = false;
  {
    MutexLock lock(mutex_);
    first = waiting_.calls.empty();
    std::size_t bytes = call.bytes.size();
    if (bytes == 0) {
      const std::size_t before = waiting_.text.size();
      write(&waiting_.text);
      bytes = waiting_.text.size() - before;
    }
    waiting_bytes_.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
    waiting_.calls.push_back({std::move(call), bytes});
  }
  if (first) io_.loop().Post(DrainTask<Core>(shared_from_this()));
}

// From a callback on the loop, while nothing can fail: saves the way through the queue.
bool Client::Core::SendAtOnce(EncodedCall& call, const RequestWriter& write) {
  if (!io_.loop().OnOwnerThread() || closed_) return false;
  Connection* const connection = io_.Find(connection_);
  if (connection == nullptr || connection->congested()) return false;
  {
    MutexLock lock(mutex_);
    if (!waiting_.calls.empty()) return false;
  }
  at_once_.clear();
  write(&at_once_);
  StartCall(std::move(call), at_once_);
  if (at_once_.capacity() > kKeptBytesMax) at_once_ = std::string();
  return true;
}

void Client::Core::Drain() {
  {
    MutexLock lock(mutex_);
    std::swap(waiting_, draining_);
  }
  if (!resident_ && !closed_) {  // its end, which takes it out again, may have been already
    resident_ = true;
    io_.AddResident(this);
  }
  // Nothing that is called here drains again: it is always a task of the loop.
  std::string_view text = draining_.text;
  for (Waiting::One& one : draining_.calls) {
    waiting_bytes_.fetch_sub(static_cast<std::int64_t>(one.bytes), std::memory_order_relaxed);
    const bool own = !one.call.bytes.empty();
    StartCall(std::move(one.call), own ? std::string_view() : text.substr(0, one.bytes));
    if (!own) text.remove_prefix(one.bytes);
  }
  draining_.calls.clear();
  draining_.text.clear();
  if (draining_.text.capacity() > kKeptBytesMax) draining_ = Waiting();
}

void Client::Core::FailWaiting() {
  Waiting failed;  // its end, which fails the calls, comes after the lock's
  MutexLock lock(mutex_);
  std::swap(waiting_, failed);
}

// The request is `text`, or call.bytes if that is empty.
void Client::Core::StartCall(EncodedCall call, std::string_view text) {
  Connection* const connection = io_.Find(connection_);
  const std::size_t bytes = text.empty() ? call.bytes.size() : text.size();
  if (closed_) {
    call.Fail(Status::Code::kClosed, Concat("the client of ", address_, " is closed"));
  } else if (connection == nullptr) {
    if (!text.empty()) call.bytes = text;
    Enqueue(std::move(call));
  } else if (connection->output().memory() + bytes >
             static_cast<std::size_t>(io_.config().output_limit_bytes) / 2) {
    call.Fail(Status::Code::kFull, Concat(address_, " does not read what it has been sent"));
  } else {
    if (call.done && !calls_.Add(call)) return;
    if (text.empty()) {
      connection->Send(std::move(call));
    } else {
      connection->output().Append(text);
      connection->AfterAppend();
    }
  }
}

void Client::Core::Enqueue(EncodedCall call) {
  if (!dialer_.dialing() && io_.loop().now() < retry_at_) {
    call.Fail(Status::Code::kUnavailable, last_error_);
    return;
  }
  if (call.done && !calls_.Add(call)) return;
  waiting_bytes_.fetch_add(static_cast<std::int64_t>(call.bytes.size()), std::memory_order_relaxed);
  queued_.push_back(std::move(call));
  if (!dialer_.dialing()) Connect();
}

void Client::Core::Close() {
  if (closed_.exchange(true)) return;
  io_.loop().Post([self = shared_from_this()] { self->End(); });
}

void Client::Core::End() {
  closed_ = true;
  const auto self = shared_from_this();  // callbacks may let go of the client
  io_.RemoveResident(this);
  dialer_.Cancel();
  queued_.clear();
  if (Connection* connection = io_.Find(connection_)) connection->Close("the client is closed");
  calls_.FailAll(Status::Code::kClosed, Concat("the client of ", address_, " is closed"));
}

// --- silence -----------------------------------------------------------------------------------

void Client::Core::OnCallTimeout(MonoTime since) {
  Connection* const connection = io_.Find(connection_);
  if (connection == nullptr) return;
  const Duration silence = io_.loop().now() - std::max(since, connection->last_read());
  if (silence < options_.silence_max) return;
  connection->Close(Concat("nothing has come for ",
                           std::chrono::duration_cast<std::chrono::milliseconds>(silence).count(),
                           " ms while calls waited"));
}

void Client::Core::WatchSilence() {
  const Connection* const connection = io_.Find(connection_);
  if (connection == nullptr || !options_.probe) return;
  const MonoTime due = std::max(connection->last_read(), probed_at_) + options_.probe_after;
  io_.loop().After(due - io_.loop().now(), [weak = weak_from_this(), id = connection_] {
    if (const auto self = weak.lock()) self->ProbeIfSilent(id);
  });
}

void Client::Core::ProbeIfSilent(ConnectionId id) {
  const Connection* const connection = id == connection_ ? io_.Find(id) : nullptr;
  if (connection == nullptr || closed_) return;  // the next one is watched from its opening on
  const MonoTime now = io_.loop().now();
  if (now - connection->last_read() >= options_.probe_after || in_flight() == 0) {
    probed_at_ = now;
    if (in_flight() > 0) options_.probe(address_);
  }
  WatchSilence();
}

// --- connecting --------------------------------------------------------------------------------

void Client::Core::Connect() {
  dialer_.Dial(address_, options_.connect_timeout, [this](StatusOr<Dialed> dialed) {
    const auto self = shared_from_this();  // callbacks may let go of the client
    if (dialed.ok()) {
      Connected(dialed.Take());
    } else {
      ConnectFailed(dialed.error().message());
    }
  });
}

void Client::Core::Connected(Dialed dialed) {
  if (io_.Open(dialed.socket.Release(), shared_from_this(), std::move(dialed.peer),
               std::move(dialed.local)) == nullptr) {
    ConnectFailed("this loop has as many connections as it may");
  }
}

void Client::Core::OnOpened(ConnectionId id, const Endpoint& /*peer*/) {
  connection_ = id;
  backoff_ = {};
  if (options_.on_state) options_.on_state(true);
  probed_at_ = io_.loop().now();
  WatchSilence();
  for (EncodedCall& call : std::exchange(queued_, {})) {
    waiting_bytes_.fetch_sub(static_cast<std::int64_t>(call.bytes.size()),
                             std::memory_order_relaxed);
    Connection* const connection = io_.Find(connection_);
    const bool wanted = call.oneway || calls_.Contains(call.opaque);  // or it has timed out
    if (connection != nullptr && wanted) connection->Send(std::move(call));
  }
}

void Client::Core::OnClosed(ConnectionId /*id*/, const Endpoint& /*peer*/,
                            std::string_view reason) {
  connection_ = {};
  if (options_.on_state) options_.on_state(false);
  calls_.FailAll(Status::Code::kClosed, Concat(address_, ": ", reason));
}

void Client::Core::ConnectFailed(const std::string& reason) {
  backoff_ = std::clamp(2 * backoff_, options_.backoff_min, options_.backoff_max);
  retry_at_ = io_.loop().clock().Now() + backoff_;
  last_error_ = Concat("cannot connect to ", address_, ": ", reason);
  for (const EncodedCall& call : std::exchange(queued_, {})) {
    waiting_bytes_.fetch_sub(static_cast<std::int64_t>(call.bytes.size()),
                             std::memory_order_relaxed);
  }
  LOG_WARN_LIMITED << last_error_;
  calls_.FailAll(Status::Code::kUnavailable, last_error_);
}

}  // namespace comet::net
