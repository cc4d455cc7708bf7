#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "remoting/base/clock.h"
#include "remoting/base/status_or.h"
#include "remoting/base/unique_function.h"
#include "remoting/wire/codec.h"
#include "remoting/wire/frame.h"
#include "remoting/wire/request.h"

namespace comet::net {

// What a peer answered. A code other than 0 is an answer, not a failure of the call: code and
// remark are the peer's. Everything borrowed ends with the callback that receives the Answer.
template <wire::Request R>
struct Answer {
  std::int32_t code = 0;
  std::string_view remark;
  std::int32_t version = 0;  // of the peer's software
  typename R::Reply reply{};
  bool has_reply = false;  // always with code 0; errors mostly come without fields
  std::string_view body;

  bool ok() const { return code == 0; }
};

struct CallOptions {
  Duration timeout = std::chrono::seconds(3);
  std::int32_t code = 0;  // one of R::kCodes; 0: the first
  wire::Spelling spelling = wire::Spelling::kLong;
};

// The outcome of a call before its type is known: a frame, or kTimeout, kUnavailable (nobody
// there), kClosed (the connection broke, the request may have been served), kFull, kInvalid.
using RawCallback = UniqueFunction<void(StatusOr<const wire::Frame*>)>;

// One place among the calls a client may have in flight; given back when it is destroyed.
class InFlightSlot {
 public:
  InFlightSlot() = default;
  InFlightSlot(InFlightSlot&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
  InFlightSlot& operator=(InFlightSlot&& other) noexcept {
    Release();
    count_ = std::exchange(other.count_, nullptr);
    return *this;
  }
  InFlightSlot(const InFlightSlot&) = delete;
  InFlightSlot& operator=(const InFlightSlot&) = delete;
  ~InFlightSlot() { Release(); }

  // False if all are taken. `count` must outlive the slot.
  bool Take(std::atomic<std::int32_t>& count, std::int32_t max) {
    if (count.fetch_add(1, std::memory_order_relaxed) >= max) {
      count.fetch_sub(1, std::memory_order_relaxed);
      return false;
    }
    count_ = &count;
    return true;
  }
  void Release() {
    if (count_ != nullptr) {
      std::exchange(count_, nullptr)->fetch_sub(1, std::memory_order_relaxed);
    }
  }

 private:
  std::atomic<std::int32_t>* count_ = nullptr;
};

// Writes a request at the end of a string; borrows what it was made of for one call.
class RequestWriter {
 public:
  template <class Fn>
  explicit RequestWriter(const Fn& fn)
      : made_of_(&fn),
        write_([](const void* from, std::string* out) { (*static_cast<const Fn*>(from))(out); }) {}
  void operator()(std::string* out) const { write_(made_of_, out); }

 private:
  const void* made_of_;
  void (*write_)(const void*, std::string*);
};

// A request as bytes, ready to be sent. One that is destroyed unsent ends with kClosed, so that
// no caller waits for ever.
struct EncodedCall {
  EncodedCall() = default;
  EncodedCall(EncodedCall&&) = default;
  EncodedCall& operator=(EncodedCall&&) = delete;
  EncodedCall(const EncodedCall&) = delete;
  EncodedCall& operator=(const EncodedCall&) = delete;
  ~EncodedCall() { Fail(Status::Code::kClosed, "closed before the request was sent"); }

  void Fail(Status::Code code, std::string why) {
    if (!done) return;
    slot.Release();  // before the callback, which may want it
    std::exchange(done, nullptr)(Status(code, std::move(why)));
  }

  std::string bytes;
  std::int32_t opaque = 0;
  bool oneway = false;
  MonoTime deadline{};
  RawCallback done;  // empty for one-way calls
  InFlightSlot slot;
};

template <wire::Request R>
StatusOr<Answer<R>> DecodeAnswer(StatusOr<const wire::Frame*> frame) {
  if (!frame.ok()) return frame.TakeError();
  const wire::Head& head = (*frame)->head;
  Answer<R> answer;
  answer.code = head.code;
  answer.remark = head.remark.value_or(std::string_view());
  answer.version = head.version;
  answer.body = (*frame)->body;
  Status status = wire::DecodeFields(head.ext, &answer.reply);
  answer.has_reply = status.ok();
  if (!status.ok() && answer.ok()) {
    return Status(Status::Code::kCorruption,
                  "reply to " + std::string(R::kName) + ": " + status.message());
  }
  return answer;
}

// Makes of fn(StatusOr<Answer<R>>) what the connection calls.
template <wire::Request R, class Fn>
RawCallback Decoding(Fn&& fn) {
  return [fn = std::forward<Fn>(fn)](StatusOr<const wire::Frame*> frame) mutable {
    fn(DecodeAnswer<R>(std::move(frame)));
  };
}

template <wire::Request R>
void EncodeRequest(wire::Head& head, const typename R::Header& header, std::string_view body,
                   const CallOptions& options, std::string* out) {
  head.code = options.code != 0 ? options.code : wire::Codes(R::kCodes)[0];
  wire::FrameWriter writer(head, out);
  if constexpr (kFieldCount < typename R::Header >> 0) writer.PutFields(header, options.spelling);
  writer.Finish(body);
}

// An answer that owns its bytes, for callers that wait.
template <wire::Request R>
class OwnedAnswer {
 public:
  // Copies what it keeps; nullptr bytes are impossible.
  static StatusOr<OwnedAnswer> From(StatusOr<const wire::Frame*> frame) {
    if (!frame.ok()) return frame.TakeError();
    auto memory = std::make_unique<Memory>();
    wire::AppendFrame((*frame)->head, (*frame)->body, &memory->bytes);
    const auto cut = wire::CutFrame(memory->bytes, {.max_frame_bytes = memory->bytes.size(),
                                                    .max_header_bytes = memory->bytes.size()});
    COMET_TRY(memory->decoder.Decode(cut.frame, 0, &memory->frame));
    auto answer = DecodeAnswer<R>(&memory->frame);
    if (!answer.ok()) return answer.TakeError();
    return OwnedAnswer(std::move(memory), answer.Take());
  }

  const Answer<R>& operator*() const { return answer_; }
  const Answer<R>* operator->() const { return &answer_; }

 private:
  struct Memory {
    std::string bytes;
    wire::FrameDecoder decoder;
    wire::Frame frame;
  };
  OwnedAnswer(std::unique_ptr<Memory> memory, Answer<R> answer)
      : memory_(std::move(memory)), answer_(std::move(answer)) {}

  std::unique_ptr<Memory> memory_;
  Answer<R> answer_;
};

}  // namespace comet::net
