#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "remoting/base/executor.h"
#include "remoting/base/waiting_line.h"
#include "remoting/net/request_context.h"
#include "remoting/net/responder.h"
#include "remoting/wire/codec.h"
#include "remoting/wire/request.h"

namespace comet::net {

// Where a handler runs: on the loop that read the request, where it must not block; or, with a
// copy of the request, on the router's worker.
enum class Lane : std::uint8_t { kLoop, kWorker };

// A handler serves one request: it answers, parks or passes on the Responder. Strings of the
// header and of the context are borrowed from the frame and end with the call.
// A handler of Lane::kLoop is called by every loop at once.
template <class H>
concept Handler = wire::Request<typename H::Request> &&
    requires(H& handler, const typename H::Request::Header& header, const RequestContext& request,
             Responder&& reply) {
  { H::kLane } -> std::convertible_to<Lane>;
  { handler.Handle(header, request, std::move(reply)) } -> std::same_as<void>;
};

// Calls and time of one request code, summed over all loops. Time is that of the handler's call,
// of which one in 64 is measured.
struct CodeUse {
  std::int32_t code = 0;
  std::string_view name;
  std::int64_t calls = 0;
  std::int64_t bad_headers = 0;
  std::int64_t timed_calls = 0;
  std::int64_t timed_ns = 0;
};

// REQUEST_CODE_NOT_SUPPORTED with RocketMQ's remark.
void AnswerNotSupported(std::int32_t code, Responder reply);

// Maps request codes to handlers. Built once at start-up; afterwards only Dispatch, Use and
// Waiting are called, from any thread.
// Handlers and the worker must outlive it; the worker's tasks must have ended before the
// LoopGroup is destroyed.
class Router {
 public:
  static constexpr std::size_t kWorkerQueueMax = 10'000;
  static constexpr std::size_t kWorkerBytesMax = 64 << 20;

  // Without a worker no handler may ask for Lane::kWorker. `clock` measures handlers. More than
  // `worker_queue_max` requests, or kWorkerBytesMax of them, do not wait for the worker.
  explicit Router(Executor* worker = nullptr, Clock& clock = SystemClock(),
                  std::size_t worker_queue_max = kWorkerQueueMax);
  ~Router();
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  template <Handler H>
  void Add(H& handler) {
    for (const std::int32_t code : wire::Codes(H::Request::kCodes)) {
      if (code != 0) Insert(code, H::Request::kName, H::kLane, &handler, &Invoke<H>);
    }
  }
  bool Knows(std::int32_t code) const { return Find(code) != nullptr; }

  // Owner thread of the connection's loop. Answers an unknown code with
  // REQUEST_CODE_NOT_SUPPORTED, and a header that does not decode with SYSTEM_ERROR and a remark
  // that names the field. A worker with too much to do answers SYSTEM_BUSY.
  void Dispatch(const RequestContext& request, Responder reply) const;

  std::vector<CodeUse> Use() const;
  WaitingLine::State Waiting() const;  // requests that wait for the worker

 private:
  using InvokeFn = Status (*)(void* handler, const RequestContext& request, Responder& reply);
  struct Entry;
  class WorkerLane;

  template <Handler H>
  static Status Invoke(void* handler, const RequestContext& request, Responder& reply) {
    typename H::Request::Header header{};
    COMET_TRY(wire::DecodeFields(request.head.ext, &header));
    static_cast<H*>(handler)->Handle(header, request, std::move(reply));
    return {};
  }

  void Insert(std::int32_t code, std::string_view name, Lane lane, void* handler, InvokeFn invoke);
  const Entry* Find(std::int32_t code) const;

  Clock& clock_;
  std::unique_ptr<WorkerLane> worker_lane_;
  std::vector<std::unique_ptr<Entry>> entries_;  // sorted by code
};

}  // namespace comet::net
