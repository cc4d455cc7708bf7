#pragma once

#include <comet/producer.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "remoting/base/clock.h"
#include "sdk/src/route_cache.h"

namespace comet::client {

class Sender;

// Where a message may go.
struct SendTarget {
  std::optional<Queue> queue;  // only there
  std::string ordering_key;    // or always the queue of this key
  QueueSelector selector;      // or what this picks
};

// One accepted send: a message, or a batch of them, and who is to be told. Used again and again, so
// that its texts keep their memory. Belongs to one thread at a time.
struct SendOp {
  std::string topic;       // as the application calls it
  std::string body;        // as it is sent: compressed, or the elements of a batch
  std::string properties;  // encoded
  std::string ids;         // message ids, one behind the other; they are equally long
  std::int32_t flag = 0;
  std::int32_t sys_flag = 0;
  bool batch = false;
  std::size_t messages = 1;
  std::size_t body_bytes = 0;  // of the bodies in it, as sent
  SendTarget target;

  SendCallback done;                // for the whole
  std::vector<SendCallback> dones;  // or for each message of an automatic batch
  std::vector<Message> kept;        // for the selector and the interceptors, if there are any

  MonoTime started{};
  MonoTime deadline{};
  std::int64_t born_ms = 0;
  int attempts = 0;
  RoutePtr route;            // of the attempt under way
  std::size_t queue_at = 0;  // in route->writable, unless target.queue is set
  std::string last_broker;   // that has failed

  // Who sets it calls back; others keep away from done, dones, kept and ids. True while it is not
  // under way.
  std::atomic<bool> answered = true;
  std::size_t entered = 1;        // counted by PendingSends
  std::size_t entered_bytes = 0;  // the same
  std::size_t place = 0;          // guarded by PendingSends
  SendOp* next_recycled = nullptr;
  std::shared_ptr<Sender> owner;  // while it is under way

  std::string_view id(std::size_t index) const {
    const std::size_t chars = ids.size() / messages;
    return std::string_view(ids).substr(index * chars, chars);
  }
  const Queue& queue() const { return target.queue ? *target.queue : route->writable[queue_at]; }
};

// The one holder of an operation under way. Whoever loses it answers with Errc::closed: the client
// was closed under it.
class SendHandle {
 public:
  explicit SendHandle(SendOp* op) : op_(op) {}
  SendHandle(SendHandle&& other) noexcept : op_(std::exchange(other.op_, nullptr)) {}
  SendHandle& operator=(SendHandle&&) = delete;
  SendHandle(const SendHandle&) = delete;
  SendHandle& operator=(const SendHandle&) = delete;
  ~SendHandle();

  SendOp& operator*() const { return *op_; }
  SendOp* operator->() const { return op_; }
  SendOp* Release() { return std::exchange(op_, nullptr); }

 private:
  SendOp* op_;
};

}  // namespace comet::client
