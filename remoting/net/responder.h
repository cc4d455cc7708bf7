#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "remoting/base/ticket.h"
#include "remoting/net/body.h"
#include "remoting/net/connection_id.h"
#include "remoting/wire/frame.h"
#include "remoting/wire/request.h"

namespace comet::net {

class IoLoop;

// How a request ended. A remark is text for humans; absent on most successes.
struct Outcome {
  std::int32_t code = 0;
  std::optional<std::string_view> remark = std::nullopt;
};

// The duty to answer one request. Move-only; answering consumes it. If it is destroyed
// unanswered the peer gets SYSTEM_BUSY, so no code path can leave a client waiting.
// A one-way request is never answered, whatever is called; neither is a peer that has left.
// Any thread: on the owning loop the reply is encoded straight into the connection's output, from
// another thread it is encoded there and posted. Must not outlive its LoopGroup.
// The reply mirrors the header form of its request.
class Responder {
 public:
  Responder() = default;  // nobody waits: answers are dropped
  Responder(Responder&& other) noexcept;
  Responder& operator=(Responder&& other) noexcept;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder();

  template <wire::Request R>
  void Ok(const typename R::Reply& reply, Body body = {}) && {
    std::move(*this).template Reply<R>(Outcome{}, reply, std::move(body));
  }
  // A code with fields, as PULL_NOT_FOUND has them.
  template <wire::Request R>
  void Reply(const Outcome& outcome, const typename R::Reply& reply, Body body = {}) && {
    Draft draft(*this, outcome);
    if (draft.out == nullptr) return;
    wire::FrameWriter writer(draft.head, draft.out);
    if constexpr (kFieldCount < typename R::Reply >> 0) writer.PutFields(reply);
    writer.FinishHeader(body.size());
    Commit(draft, std::move(body));
  }
  // A code without fields: what handlers without a reply header and most errors send.
  void Plain(const Outcome& outcome, Body body = {}) &&;
  void Fail(std::int32_t code, std::string_view remark) &&;

  // Leaves the duty in its loop's table and returns the name under which LoopGroup::Unpark finds
  // it: how a send waits for the store without carrying a connection through it. Owner thread
  // only. A one-way request yields a ticket of kNobody.
  Ticket Park() &&;

  explicit operator bool() const { return loop_ != nullptr; }  // somebody waits for an answer
  // Owner thread. The peer does not read what it already has been sent: an answer with many
  // bytes should wait or shrink.
  bool congested() const;
  ConnectionId connection() const { return connection_; }

 private:
  friend class LoopGroup;
  friend class Connection;

  // A reply that is being encoded: into the connection's output, or aside on a foreign thread.
  struct Draft {
    Draft(Responder& responder, const Outcome& outcome);
    wire::Head head;
    std::string* out = nullptr;  // null: nobody listens
    std::string aside;
  };

  Responder(IoLoop* loop, ConnectionId connection, std::int32_t opaque, wire::HeaderForm form)
      : loop_(loop), connection_(connection), opaque_(opaque), form_(form) {}
  void Commit(Draft& draft, Body body);

  IoLoop* loop_ = nullptr;
  ConnectionId connection_;
  std::int32_t opaque_ = 0;
  wire::HeaderForm form_ = wire::HeaderForm::kJson;
};

}  // namespace comet::net
