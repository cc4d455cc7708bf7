#include "sdk/src/batcher.h"

#include <algorithm>
#include <utility>

#include "remoting/wire/batch_body.h"
#include "remoting/wire/names.h"
#include "sdk/src/message_encoder.h"

namespace comet::client {
namespace {

constexpr std::size_t kPropertyBytesGuess = 128;  // of those the protocol adds

std::size_t ElementBytesGuess(const Message& message) {
  std::size_t bytes = wire::kMinBatchElementBytes + message.body().size() + kPropertyBytesGuess;
  for (const auto& [name, value] : message.properties()) bytes += name.size() + value.size() + 2;
  return bytes;
}

}  // namespace

Batcher::Batcher(std::shared_ptr<Runtime> runtime, std::shared_ptr<Sender> sender,
                 const ProducerOptions& options)
    : runtime_(std::move(runtime)),
      sender_(std::move(sender)),
      limits_(options.auto_batch),
      compression_(options.compression),
      bytes_max_(std::min(options.auto_batch.max_bytes, options.max_message_bytes)) {}

bool Batcher::Wants(const Message& message, SendTarget* target, MonoTime now) const {
  if (target->selector) return false;
  // First of all: also what goes alone has to go behind what was gathered for its queue.
  if (!target->queue && !target->ordering_key.empty()) {
    const RoutePtr route = runtime_->routes().Known(message.topic(), now);
    const auto place =
        route ? QueuePicker::ForKey(route->writable, target->ordering_key) : std::nullopt;
    if (!place) return false;
    target->queue = route->writable[*place];
  }
  if (message.delay_level() > 0 || wire::IsRetryTopic(message.topic()) ||
      ElementBytesGuess(message) > bytes_max_) {
    return false;
  }
  if (compression_.type != Compression::Type::none &&
      message.body().size() >= compression_.from_bytes) {
    return false;
  }
  return true;
}

Batcher::Key Batcher::KeyOf(std::string_view topic, const SendTarget& target, bool wait_stored) {
  if (!target.queue) return {topic, {}, -1, wait_stored};
  return {topic, target.queue->broker, target.queue->id, wait_stored};
}

void Batcher::Add(Message message, const SendTarget& target, SendCallback done,
                  std::size_t entered_bytes, MonoTime now, MonoTime deadline) {
  bool full = false, watch = false;
  {
    MutexLock lock(mutex_);
    auto gathered = gathering_.find(KeyOf(message.topic(), target, message.wait_stored()));
    if (gathered != gathering_.end() &&
        gathered->second->body.size() + ElementBytesGuess(message) > bytes_max_) {
      MakeReady(gathered);
      full = true;
      gathered = gathering_.end();
    }
    if (const auto other = gathering_.find(KeyOf(message.topic(), target, !message.wait_stored()));
        target.queue && other != gathering_.end()) {
      MakeReady(other);  // what goes to one queue keeps its order
      full = true;
    }
    SendOp& op = gathered == gathering_.end() ? Open(message, target, now) : *gathered->second;
    Append(op, message);
    op.deadline = std::min(op.deadline, deadline);
    op.entered_bytes += entered_bytes;
    op.dones.push_back(std::move(done));
    const Key key = KeyOf(op.topic, op.target, message.wait_stored());
    if (!runtime_->interceptors().empty()) op.kept.push_back(std::move(message));
    if (op.messages >= limits_.max_messages) {
      MakeReady(gathering_.find(key));
      full = true;
    }
    watch = !gathering_.empty() && !std::exchange(watching_, !gathering_.empty());
  }
  if (full) StartReady();
  if (watch) WatchLingering();
}

SendOp& Batcher::Open(const Message& message, const SendTarget& target, MonoTime now) {
  SendOp& op = sender_->NewOp();
  op.topic = message.topic();
  op.batch = true;
  op.messages = op.entered = 0;
  op.target.queue = target.queue;
  op.started = now;
  op.born_ms = SystemClock().WallNow();
  op.deadline = MonoTime::max();
  op.body.reserve(bytes_max_);
  AppendBatchProperties(message.wait_stored(), &op.properties);
  gathering_.emplace(KeyOf(op.topic, op.target, message.wait_stored()), &op);
  return op;
}

void Batcher::Append(SendOp& op, const Message& message) {
  const std::size_t id_at = op.ids.size();
  runtime_->AppendMessageId(op.born_ms, &op.ids);
  properties_.clear();
  AppendProperties(message, std::string_view(op.ids).substr(id_at), runtime_->options().name_space,
                   &properties_);
  wire::AppendBatchElement(
      {.flag = message.flag(), .body = message.body(), .properties = properties_}, &op.body);
  op.body_bytes += message.body().size();
  ++op.messages;
  ++op.entered;
}

void Batcher::StartBehind(SendOp& op) {
  {
    MutexLock lock(mutex_);
    for (const bool wait_stored : {true, false}) {
      const auto gathered = gathering_.find(KeyOf(op.topic, op.target, wait_stored));
      if (gathered != gathering_.end()) MakeReady(gathered);
    }
    ready_.push_back(&op);
  }
  StartReady();
}

void Batcher::Flush() {
  {
    MutexLock lock(mutex_);
    while (!gathering_.empty()) MakeReady(gathering_.begin());
  }
  StartReady();
}

void Batcher::MakeReady(Gathering::iterator gathered) {
  ready_.push_back(gathered->second);
  gathering_.erase(gathered);
}

void Batcher::StartReady() {
  for (bool first = true;; first = false) {
    SendOp* next = nullptr;
    {
      MutexLock lock(mutex_);
      if (first && starting_) return;  // whoever is at it takes these too
      starting_ = !ready_.empty();
      if (!starting_) return;
      next = ready_.front();
      ready_.pop_front();
    }
    sender_->Start(*next);
  }
}

void Batcher::WatchLingering() {
  runtime_->loop().Post([weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->runtime_->loop().After(self->limits_.linger, [weak] {
      if (const auto alive = weak.lock()) alive->OnTimer();
    });
  });
}

void Batcher::OnTimer() {
  const MonoTime now = SystemClock().Now();
  {
    MutexLock lock(mutex_);
    MonoTime next = MonoTime::max();
    for (auto it = gathering_.begin(); it != gathering_.end();) {
      const auto here = it++;
      const MonoTime due = here->second->started + limits_.linger;
      if (due <= now) {
        MakeReady(here);
      } else {
        next = std::min(next, due);
      }
    }
    watching_ = next != MonoTime::max();
    if (watching_) {
      runtime_->loop().After(next - now, [weak = weak_from_this()] {
        if (const auto alive = weak.lock()) alive->OnTimer();
      });
    }
  }
  StartReady();
}

}  // namespace comet::client
