#include "broker/ha/frame_intake.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace comet::broker {
namespace {

constexpr std::size_t kWaitingMax = 16 << 20;
constexpr std::size_t kBacklogMax = 200'000;  // records that wait for queues and index
constexpr std::size_t kFreeMax = 8;
constexpr int kBuffersUnderWayMax = 8;  // buffers: then what comes is gathered into one

// On the appender's thread.
Status Follow(store::Follower& follower, Slice frames) {
  while (!frames.empty()) {
    COMET_ASSIGN(const auto frame, wire::TakeHaFrame(&frames));
    COMET_TRY(follower.OnFrame(frame->header, frame->body));
  }
  return {};
}

}  // namespace

void IntakeBuffer::Reserve(std::size_t bytes) {
  if (bytes <= capacity) return;
  auto larger = std::make_unique_for_overwrite<char[]>(bytes);
  if (size != 0) std::memcpy(larger.get(), memory.get(), size);
  memory = std::move(larger);
  capacity = bytes;
}

// Memory follows what has come, not what the frame promises.
std::span<char> FrameIntake::Room() {
  if (now_.capacity == 0) now_ = NewBuffer();
  if (now_.size == now_.capacity) now_.Reserve(2 * now_.capacity);
  return {now_.memory.get() + now_.size, now_.capacity - now_.size};
}

std::optional<wire::HaHeader> FrameIntake::first_header() const {
  if (now_.size < wire::kHaHeaderBytes) return std::nullopt;
  return wire::DecodeHaHeader(now_.memory.get());
}

StatusOr<bool> FrameIntake::TakeFrames() {
  Slice rest = now_.bytes().substr(whole_);
  bool heartbeat = false;
  for (;;) {
    COMET_ASSIGN(const auto frame, wire::TakeHaFrame(&rest));
    if (!frame) break;
    heartbeat |= frame->header.bytes == 0;
  }
  whole_ = now_.size - rest.size();
  if (whole_ != 0 && under_way_ < kBuffersUnderWayMax) HandOver();
  return heartbeat;
}

void FrameIntake::HandOver() {
  auto next = NewBuffer();
  const Slice rest = now_.bytes().substr(whole_);
  next.Reserve(rest.size());
  if (!rest.empty()) std::memcpy(next.memory.get(), rest.data(), rest.size());
  next.size = rest.size();
  now_.size = std::exchange(whole_, 0);
  waiting_bytes_ += now_.size;
  ++under_way_;
  auto& follower = parts_.store.follower();
  parts_.store.appender().Between(
      [this, &follower, stream = stream_, whole = std::exchange(now_, std::move(next))]() mutable {
        Status status = Follow(follower, whole.bytes());
        parts_.loop.Post(
            [this, stream, status = std::move(status), whole = std::move(whole)]() mutable {
              OnTaken(stream, status, std::move(whole));
            });
      });
}

void FrameIntake::OnTaken(std::uint64_t stream, const Status& status, IntakeBuffer whole) {
  --under_way_;
  waiting_bytes_ -= whole.size;
  GiveBack(std::move(whole));
  if (stream != stream_) return;
  if (!status.ok()) {
    ++stream_;  // what was under way behind it is refused for another reason, which says nothing
  } else if (whole_ != 0) {
    HandOver();
  }
  parts_.on_taken(status);
}

bool FrameIntake::congested() const {
  return waiting_bytes_ + whole_ >= kWaitingMax ||
         parts_.store.dispatcher().backlog() >= kBacklogMax;
}

void FrameIntake::Restart(Task then) {
  ++stream_;
  now_.size = whole_ = 0;
  auto& store = parts_.store;
  store.appender().Between([this, &store, then = std::move(then)]() mutable {
    store.follower().Restart();
    parts_.loop.Post(std::move(then));
  });
}

IntakeBuffer FrameIntake::NewBuffer() {
  IntakeBuffer buffer;
  if (!free_.empty()) {
    buffer = std::move(free_.back());
    free_.pop_back();
  } else {
    buffer.Reserve(IntakeBuffer::kBytes);
  }
  buffer.size = 0;
  return buffer;
}

void FrameIntake::GiveBack(IntakeBuffer buffer) {
  if (free_.size() < kFreeMax && buffer.capacity == IntakeBuffer::kBytes) {
    free_.push_back(std::move(buffer));
  }
}

}  // namespace comet::broker
