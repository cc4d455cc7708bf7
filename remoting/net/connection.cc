#include "remoting/net/connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>

#include <event2/event.h>

#include "remoting/base/log.h"
#include "remoting/base/text.h"
#include "remoting/net/io_loop.h"
#include "remoting/net/responder.h"
#include "remoting/net/router.h"
#include "remoting/wire/response_code.h"

namespace comet::net {

namespace {

// A frame from here on is collected where it will be served, not in the loop's buffer.
constexpr std::size_t kLargeFrame = 64 << 10;
constexpr std::size_t kSlowestBytesPerSecond = 64 << 10;

std::string ErrnoText(int error) {
  return std::generic_category().message(error);
}

// What a peer that does not speak the protocol most likely wanted.
std::string_view GuessProtocol(std::string_view bytes) {
  if (bytes.starts_with('\x16')) return " (TLS, which this server does not have)";
  if (bytes.starts_with("PROXY ") || bytes.starts_with("\r\n\r\n")) {
    return " (the PROXY protocol, which this server does not have)";
  }
  if (bytes.starts_with("GET ") || bytes.starts_with("POST ")) return " (HTTP)";
  return "";
}

}  // namespace

Connection::Connection(IoLoop& io, ConnectionId id, int descriptor,
                       std::shared_ptr<ConnectionOwner> owner, Endpoint peer, Endpoint local)
    : io_(io),
      id_(id),
      descriptor_(descriptor),
      owner_(std::move(owner)),
      peer_(std::move(peer)),
      local_(std::move(local)),
      read_event_(event_new(io.loop().base(), descriptor, EV_READ | EV_PERSIST, &OnReadable, this)),
      write_event_(event_new(io.loop().base(), descriptor, EV_WRITE, &OnWritable, this)),
      tail_(wire::kReadPadding),
      output_(io.chunks()),
      last_activity_(io.loop().now()),
      last_read_(last_activity_),
      frame_since_(last_activity_) {}

Connection::~Connection() {
  if (descriptor_ >= 0) close(descriptor_);
}

void Connection::Start() {
  event_add(read_event_.get(), nullptr);
  WatchDeadline(IdleDeadline());
  owner_->OnOpened(id_, peer_);
}

// --- reading -----------------------------------------------------------------------------------

void Connection::OnReadable(int /*fd*/, short /*what*/, void* self) {
  static_cast<Connection*>(self)->Read();
}

void Connection::Read() {
  if (!tail_.empty() && need_ >= kLargeFrame) {
    ReadIntoTail();
  } else {
    ReadIntoLoopBuffer();
  }
}

void Connection::ReadIntoLoopBuffer() {
  char* const buffer = io_.read_buffer();
  const std::size_t had = tail_.size();
  if (had > 0) std::memcpy(buffer, tail_.bytes().data(), had);
  const auto got = recv(descriptor_, buffer + had, IoLoop::kReadBytes - had, 0);
  if (!CheckRead(got)) return;
  const std::string_view bytes(buffer, had + static_cast<std::size_t>(got));
  const std::size_t used = Cut(bytes, buffer + IoLoop::kReadBytes + wire::kReadPadding);
  if (closed_) return;
  tail_.Assign(bytes.substr(used));
  if (had == 0) frame_since_ = last_activity_;
  AfterRead(used);
}

void Connection::ReadIntoTail() {
  // Memory follows what has arrived, not what the frame promises.
  const std::size_t had = tail_.size();
  tail_.Reserve(std::min(need_, std::max(2 * had, had + IoLoop::kReadBytes)));
  const auto got = recv(descriptor_, tail_.end(), std::min(tail_.capacity(), need_) - had, 0);
  if (!CheckRead(got)) return;
  tail_.Grow(static_cast<std::size_t>(got));
  std::size_t used = 0;
  if (tail_.size() >= need_) {
    used = Cut(tail_.bytes(), tail_.bytes().data() + tail_.readable_end());
    if (closed_) return;
    tail_.Drop(used);
  }
  AfterRead(used);
}

bool Connection::CheckRead(std::ptrdiff_t got) {
  if (got > 0) {
    last_activity_ = io_.loop().now();
    last_read_ = io_.loop().clock().Now();  // now() is from before the wait for this
    io_.metrics().bytes_in.Add(got);
    return true;
  }
  if (got == 0) {
    Ended("the peer closed it");
  } else if (errno != EAGAIN && errno != EINTR) {
    Ended(Concat("reading failed: ", ErrnoText(errno)));
  }
  return false;
}

// While it is read, what tail_ keeps is the beginning of one frame.
void Connection::Ended(std::string_view how) {
  if (tail_.empty()) return Close(how);
  // Before its length has come, need_ is what the smallest frame has.
  const std::string_view least = need_ > wire::kFramePrefixBytes ? "" : "at least ";
  CloseMalformed(
      Concat(how, " in the middle of a frame, ", tail_.size(), " of ", least, need_, " bytes"),
      tail_.bytes());
}

void Connection::AfterRead(std::size_t used) {
  if (used > 0) frame_since_ = last_activity_;
  if (!tail_.empty()) WatchDeadline(FrameDeadline());
  AccountMemory();
  if (tail_.capacity() > kLargeFrame && io_.over_memory()) CloseOverMemory("half-read frames");
}

std::size_t Connection::Cut(std::string_view bytes, const char* readable_end) {
  const wire::FrameLimits limits{.max_frame_bytes =
                                     static_cast<std::size_t>(io_.config().max_frame_bytes)};
  std::size_t used = 0;
  while (paused_ == 0) {
    const wire::CutResult cut = wire::CutFrame(bytes.substr(used), limits);
    if (cut.state == wire::CutState::kNeedMore) {
      need_ = cut.need;
      break;
    }
    if (cut.state == wire::CutState::kMalformed) {
      CloseMalformed(cut.reason, bytes.substr(used));
      break;
    }
    used += cut.frame.bytes;
    if (!Serve(cut.frame, readable_end)) break;
  }
  return used;
}

bool Connection::Serve(const wire::RawFrame& raw, const char* readable_end) {
  io_.metrics().frames.Add();
  wire::Frame frame;
  const auto readable_after =
      static_cast<std::size_t>(readable_end - (raw.header.data() + raw.header.size()));
  if (Status status = io_.decoder().Decode(raw, readable_after, &frame); !status.ok()) {
    CloseMalformed(status.message(), {});
    return false;
  }
  if (!frame.head.is_reply()) {
    Dispatch(frame);
  } else {
    CallTable* calls = owner_->calls() != nullptr ? owner_->calls() : own_calls_.get();
    if (calls == nullptr || !calls->Complete(frame)) io_.metrics().late_replies.Add();
  }
  return !closed_;
}

void Connection::Dispatch(const wire::Frame& frame) {
  Responder responder;
  if (!frame.head.is_oneway()) {
    responder = Responder(&io_, id_, frame.head.opaque, frame.head.form);
    if (++unanswered_ >= io_.config().unanswered_max) PauseReading(kForAnswers);
  }
  const RequestContext request{
      .head = frame.head, .body = frame.body, .connection = id_, .peer = peer_, .local = local_};
  if (const Router* router = owner_->router()) {
    router->Dispatch(request, std::move(responder));
  } else {
    AnswerNotSupported(frame.head.code, std::move(responder));
  }
}

void Connection::PauseReading(Pause why) {
  if (paused_ == 0) {
    event_del(read_event_.get());
    io_.metrics().reads_paused.Add();
  }
  paused_ |= why;
}

void Connection::UnpauseReading(Pause why) {
  if ((paused_ & why) == 0) return;
  paused_ &= ~static_cast<unsigned>(why);
  if (paused_ != 0 || continuing_ || closed_) return;
  // Not from here: whoever answers must not find itself inside the next request.
  continuing_ = true;
  io_.loop().Post([&io = io_, id = id_] {
    if (Connection* self = io.Find(id)) self->ContinueReading();
  });
}

void Connection::ContinueReading() {
  continuing_ = false;
  if (paused_ != 0) return;
  event_add(read_event_.get(), nullptr);
  last_activity_ = frame_since_ = io_.loop().now();
  if (tail_.empty()) return;
  const std::size_t used = Cut(tail_.bytes(), tail_.bytes().data() + tail_.readable_end());
  if (closed_) return;
  tail_.Drop(used);
  AfterRead(used);
}

// --- writing -----------------------------------------------------------------------------------

void Connection::AfterAppend() {
  if (!dirty_) {
    dirty_ = true;
    io_.MarkDirty(id_);
  }
  if (output_.bytes() < static_cast<std::size_t>(io_.config().output_high_water)) return;
  WriteOut();
  if (closed_) return;
  // A client goes on reading: else both sides could wait for each other to read. What it may have
  // waiting is bounded where its calls come in.
  const bool serves = owner_->calls() == nullptr;
  if (serves && output_.bytes() >= static_cast<std::size_t>(io_.config().output_high_water)) {
    PauseReading(kForOutput);
  }
  AccountMemory();
  if (output_.memory() > static_cast<std::size_t>(io_.config().output_limit_bytes)) {
    CloseOverMemory("replies it does not read");
  } else if (blocked_ && io_.over_memory()) {
    CloseOverMemory("replies it does not read, while others do the same");
  }
}

void Connection::Answered() {
  --unanswered_;
  if ((paused_ & kForAnswers) != 0 && unanswered_ <= io_.config().unanswered_max / 2) {
    UnpauseReading(kForAnswers);
  }
}

void Connection::Send(EncodedCall call) {
  if (!call.oneway && call.done) {
    if (own_calls_ == nullptr) own_calls_ = std::make_unique<CallTable>(io_, peer_.text);
    if (!own_calls_->Add(call)) return;
  }
  output_.AppendOwned(std::move(call.bytes));
  AfterAppend();
}

void Connection::WriteOut() {
  dirty_ = false;
  if (blocked_ || closed_ || output_.empty()) return;
  std::size_t written = 0;
  const Output::Write state = output_.WriteTo(descriptor_, &written);
  AfterWrite(state, written);
}

void Connection::AfterWrite(Output::Write state, std::size_t written) {
  const MonoTime now = io_.loop().now();
  if (written > 0) {
    last_activity_ = now;
    written_ += written;
    io_.metrics().bytes_out.Add(static_cast<std::int64_t>(written));
  }
  if (state == Output::Write::kFailed) {
    const int error = errno;
    output_.Clear();  // nobody takes it
    Close(Concat("writing failed: ", ErrnoText(error)));
    return;
  }
  if (state == Output::Write::kBlocked) {
    blocked_ = true;
    event_add(write_event_.get(), nullptr);
    if (mark_since_ == MonoTime::max() || written_ >= mark_) {
      mark_since_ = now;
      mark_ = written_ + output_.bytes();
    }
    WatchDeadline(OutputDeadline());
  } else {
    mark_since_ = MonoTime::max();
  }
  if (output_.bytes() <= static_cast<std::size_t>(io_.config().output_high_water) / 2) {
    UnpauseReading(kForOutput);
  }
  AccountMemory();
}

void Connection::OnWritable(int /*fd*/, short /*what*/, void* self) {
  auto* connection = static_cast<Connection*>(self);
  connection->blocked_ = false;
  connection->WriteOut();
}

// --- limits and the end ------------------------------------------------------------------------

void Connection::AccountMemory() {
  const auto memory = static_cast<std::int64_t>(output_.memory() + tail_.capacity());
  io_.AddMemory(memory - accounted_memory_);
  accounted_memory_ = memory;
}

MonoTime Connection::FrameDeadline() const {
  if (tail_.empty() || paused_ != 0) return MonoTime::max();
  return frame_since_ + std::chrono::seconds(io_.config().frame_timeout_s) +
         std::chrono::seconds(need_ / kSlowestBytesPerSecond);
}

MonoTime Connection::OutputDeadline() const {
  if (mark_since_ == MonoTime::max()) return mark_since_;
  return mark_since_ + std::chrono::seconds(io_.config().output_timeout_s);
}

MonoTime Connection::IdleDeadline() const {
  return last_activity_ + std::chrono::seconds(io_.config().idle_close_s);
}

void Connection::WatchDeadline(MonoTime deadline) {
  if (!scheduled() || deadline < this->deadline()) io_.Schedule(*this, deadline);
}

void Connection::OnTimer(MonoTime now) {
  if (FrameDeadline() <= now) {
    CloseOverdue("it took too long to complete a frame");
  } else if (OutputDeadline() <= now) {
    CloseOverdue("it took too long to read its replies");
  } else if (IdleDeadline() <= now) {
    io_.metrics().overdue.Add();
    Close("it was idle");  // a matter of course, and not logged
  } else {
    io_.Schedule(*this, std::min({FrameDeadline(), OutputDeadline(), IdleDeadline()}));
  }
}

void Connection::CloseOverdue(std::string_view reason) {
  io_.metrics().overdue.Add();
  LOG_WARN_LIMITED << "closing " << peer_.text << ": " << reason;
  Close(reason);
}

void Connection::CloseMalformed(std::string_view reason, std::string_view bytes) {
  io_.metrics().malformed.Add();
  LOG_WARN_LIMITED << "closing " << peer_.text << ": " << reason << GuessProtocol(bytes);
  Close(reason);
}

void Connection::CloseOverMemory(std::string_view what) {
  io_.metrics().over_memory.Add();
  LOG_WARN_LIMITED << "closing " << peer_.text << ": too much memory for " << what;
  Close(Concat("too much memory for ", what));
}

void Connection::Close(std::string_view reason) {
  if (closed_) return;
  closed_ = true;
  if (!blocked_ && !output_.empty()) {
    std::size_t written = 0;
    output_.WriteTo(descriptor_, &written);
  }
  read_event_.reset();
  write_event_.reset();
  close(std::exchange(descriptor_, -1));
  io_.AddMemory(-std::exchange(accounted_memory_, 0));
  io_.Retire(*this);
  if (own_calls_ != nullptr) {
    own_calls_->FailAll(Status::Code::kClosed, Concat(peer_.text, ": ", reason));
  }
  owner_->OnClosed(id_, peer_, reason);
}

}  // namespace comet::net
