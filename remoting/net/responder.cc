#include "remoting/net/responder.h"

#include <utility>
#include <vector>

#include "remoting/base/check.h"
#include "remoting/net/connection.h"
#include "remoting/net/io_loop.h"
#include "remoting/wire/response_code.h"

namespace comet::net {

Responder::Responder(Responder&& other) noexcept
    : loop_(std::exchange(other.loop_, nullptr)),
      connection_(other.connection_),
      opaque_(other.opaque_),
      form_(other.form_) {}

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    Responder dropped(std::move(*this));
    loop_ = std::exchange(other.loop_, nullptr);
    connection_ = other.connection_;
    opaque_ = other.opaque_;
    form_ = other.form_;
  }
  return *this;
}

Responder::~Responder() {
  if (loop_ == nullptr) return;
  std::move(*this).Fail(wire::ResponseCode::kSystemBusy,
                        "[REJECTREQUEST]system busy, start flow control for a while");
}

Responder::Draft::Draft(Responder& responder, const Outcome& outcome) {
  IoLoop* const loop = responder.loop_;
  if (loop == nullptr) return;
  if (!loop->loop().OnOwnerThread()) {
    out = &aside;
  } else if (Connection* connection = loop->Find(responder.connection_)) {
    out = connection->output().Tail();
  } else {
    responder.loop_ = nullptr;  // the peer is gone, and with it the duty
    return;
  }
  head.form = responder.form_;
  head.code = outcome.code;
  head.opaque = responder.opaque_;
  head.flag = wire::kFlagReply;
  head.remark = outcome.remark;
}

void Responder::Plain(const Outcome& outcome, Body body) && {
  Draft draft(*this, outcome);
  if (draft.out == nullptr) return;
  wire::FrameWriter writer(draft.head, draft.out);
  writer.FinishHeader(body.size());
  Commit(draft, std::move(body));
}

void Responder::Fail(std::int32_t code, std::string_view remark) && {
  std::move(*this).Plain(Outcome{code, remark});
}

void Responder::Commit(Draft& draft, Body body) {
  IoLoop* const loop = std::exchange(loop_, nullptr);
  if (draft.out != &draft.aside) {
    Connection* const connection = loop->Find(connection_);
    connection->output().AppendBody(body);
    connection->Answered();
    connection->AfterAppend();
    return;
  }
  draft.aside.append(body.bytes());
  // The parts' pins travel; their bytes are not copied here either.
  loop->loop().Post(
      [loop, id = connection_, head = std::move(draft.aside), owned = std::move(body.owned()),
       parts = std::vector<BodyPart>(body.parts().begin(), body.parts().end())]() mutable {
        Connection* const connection = loop->Find(id);
        if (connection == nullptr) return;
        Output& output = connection->output();
        output.AppendOwned(std::move(head));
        if (!owned.empty()) output.AppendOwned(std::move(owned));
        for (const BodyPart& part : parts) output.AppendPart(part);
        connection->Answered();
        connection->AfterAppend();
      });
}

Ticket Responder::Park() && {
  if (loop_ == nullptr) return {};
  IoLoop* const loop = std::exchange(loop_, nullptr);
  COMET_CHECK(loop->loop().OnOwnerThread());
  return loop->pending().Put({connection_, opaque_, form_});
}

bool Responder::congested() const {
  if (loop_ == nullptr) return false;
  const Connection* connection = loop_->Find(connection_);
  return connection != nullptr && connection->congested();
}

}  // namespace comet::net
