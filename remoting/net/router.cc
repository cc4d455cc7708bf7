#include "remoting/net/router.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string>

#include "remoting/base/allowance.h"
#include "remoting/base/check.h"
#include "remoting/base/text.h"
#include "remoting/wire/frame.h"
#include "remoting/wire/response_code.h"

namespace comet::net {

namespace {

constexpr std::int64_t kTimedEvery = 64;  // a power of two
constexpr std::size_t kCells = 16;
constexpr std::string_view kOverload = "[OVERLOAD]system busy, start flow control for a while";

// Written by one loop, unless there are more than kCells of them, and by the worker.
struct alignas(64) UseCell {
  std::atomic<std::int64_t> calls = 0, bad_headers = 0, timed_calls = 0, timed_ns = 0;
};

void AddTo(std::atomic<std::int64_t>& to, std::int64_t n) {
  to.fetch_add(n, std::memory_order_relaxed);
}

}  // namespace

struct Router::Entry {
  std::int32_t code;
  std::string_view name;
  Lane lane;
  void* handler;
  InvokeFn invoke;
  mutable std::array<UseCell, kCells> cells;

  void Run(Clock& clock, const RequestContext& request, Responder reply) const {
    UseCell& cell = cells[request.connection.loop % kCells];
    const bool timed = cell.calls.fetch_add(1, std::memory_order_relaxed) % kTimedEvery == 0;
    const MonoTime start = timed ? clock.Now() : MonoTime();
    if (Status status = invoke(handler, request, reply); !status.ok()) {
      AddTo(cell.bad_headers, 1);
      std::move(reply).Fail(wire::ResponseCode::kSystemError, Concat(name, ": ", status.message()));
    }
    if (timed) {
      AddTo(cell.timed_calls, 1);
      AddTo(cell.timed_ns, (clock.Now() - start).count());
    }
  }
};

// Carries copies of requests to the worker, no more than it may hold.
class Router::WorkerLane {
 public:
  WorkerLane(Executor& worker, std::size_t queue_max)
      : worker_(worker), allowance_(queue_max, kWorkerBytesMax) {}

  void Submit(const Entry& entry, Clock& clock, const RequestContext& request, Responder reply) {
    std::string bytes;
    wire::AppendFrame(request.head, request.body, &bytes);
    auto share = allowance_.Take(bytes.size());
    if (!share) {
      std::move(reply).Fail(wire::ResponseCode::kSystemBusy, kOverload);
      return;
    }
    line_.Enter(clock.Now());
    worker_.Post([this, &entry, &clock, bytes = std::move(bytes), share = std::move(*share),
                  connection = request.connection, peer = request.peer, local = request.local,
                  reply = std::move(reply)]() mutable {
      line_.LeaveFirst();
      Serve(entry, clock, bytes, {connection, peer, local}, std::move(reply));
    });
  }

  const WaitingLine& line() const { return line_; }

 private:
  struct From {
    ConnectionId connection;
    const Endpoint& peer;
    const Endpoint& local;
  };

  static void Serve(const Entry& entry, Clock& clock, std::string_view bytes, const From& from,
                    Responder reply) {
    const wire::CutResult cut =
        wire::CutFrame(bytes, {.max_frame_bytes = bytes.size(), .max_header_bytes = bytes.size()});
    wire::FrameDecoder decoder;
    wire::Frame frame;
    if (Status status = decoder.Decode(cut.frame, 0, &frame); !status.ok()) {
      std::move(reply).Fail(wire::ResponseCode::kSystemError, status.message());
      return;
    }
    entry.Run(clock,
              {.head = frame.head,
               .body = frame.body,
               .connection = from.connection,
               .peer = from.peer,
               .local = from.local},
              std::move(reply));
  }

  Executor& worker_;
  Allowance allowance_;
  WaitingLine line_;
};

void AnswerNotSupported(std::int32_t code, Responder reply) {
  std::move(reply).Fail(wire::ResponseCode::kRequestCodeNotSupported,
                        Concat(" request type ", code, " not supported"));
}

Router::Router(Executor* worker, Clock& clock, std::size_t worker_queue_max) : clock_(clock) {
  if (worker != nullptr) worker_lane_ = std::make_unique<WorkerLane>(*worker, worker_queue_max);
}

Router::~Router() = default;

void Router::Insert(std::int32_t code, std::string_view name, Lane lane, void* handler,
                    InvokeFn invoke) {
  COMET_CHECK(lane == Lane::kLoop || worker_lane_ != nullptr);
  COMET_CHECK(!Knows(code));
  const auto place = std::find_if(entries_.begin(), entries_.end(),
                                  [code](const auto& entry) { return entry->code > code; });
  entries_.insert(place, std::unique_ptr<Entry>(new Entry{code, name, lane, handler, invoke, {}}));
}

const Router::Entry* Router::Find(std::int32_t code) const {
  const auto place =
      std::lower_bound(entries_.begin(), entries_.end(), code,
                       [](const auto& entry, std::int32_t wanted) { return entry->code < wanted; });
  return place != entries_.end() && (*place)->code == code ? place->get() : nullptr;
}

void Router::Dispatch(const RequestContext& request, Responder reply) const {
  const Entry* const entry = Find(request.head.code);
  if (entry == nullptr) {
    AnswerNotSupported(request.head.code, std::move(reply));
  } else if (entry->lane == Lane::kLoop) {
    entry->Run(clock_, request, std::move(reply));
  } else {
    worker_lane_->Submit(*entry, clock_, request, std::move(reply));
  }
}

WaitingLine::State Router::Waiting() const {
  return worker_lane_ == nullptr ? WaitingLine::State{} : worker_lane_->line().At(clock_.Now());
}

std::vector<CodeUse> Router::Use() const {
  std::vector<CodeUse> uses;
  for (const auto& entry : entries_) {
    CodeUse& use = uses.emplace_back();
    use.code = entry->code;
    use.name = entry->name;
    for (const UseCell& cell : entry->cells) {
      use.calls += cell.calls.load(std::memory_order_relaxed);
      use.bad_headers += cell.bad_headers.load(std::memory_order_relaxed);
      use.timed_calls += cell.timed_calls.load(std::memory_order_relaxed);
      use.timed_ns += cell.timed_ns.load(std::memory_order_relaxed);
    }
  }
  return uses;
}

}  // namespace comet::net
