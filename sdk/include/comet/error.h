#pragma once

#include <comet/export.h>

#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace comet {

// What kind of failure it was; the message says what happened and what to do.
enum class Errc {
  ok = 0,
  timeout,            // no answer in time: the operation may have happened
  closed,             // this client, producer or consumer has been closed
  not_connected,      // a server could not be reached or the connection broke
  no_route,           // the topic has no queue, or its broker no master, at present
  topic_not_found,    // the topic does not exist and is not created automatically
  group_not_found,    // the consumer group does not exist
  invalid_argument,   // refused before it was sent, or by the broker as illegal
  message_too_large,  // body or properties exceed the limit
  flow_control,       // the broker asks to slow down
  busy,               // the broker, or this machine, cannot take it now
  queue_full,         // too many sends of this producer are in flight
  unauthorized,       // who you are could not be established
  forbidden,          // you may not do this
  broker_error,       // the broker failed; broker_code() has its code
  slave_unavailable,  // stored, but no slave has a copy
  flush_timeout,      // stored, but not known to be on disk or on a slave in time
  offset_illegal,     // the offset lies outside the queue
  not_owner,          // the queue is assigned to somebody else
  unsupported,        // this server does not know the request
  internal            // a bug of this library; please report it
};

COMET_API std::error_code make_error_code(Errc code);
COMET_API std::string_view to_string(Errc code);

// Why an operation failed. A value; thread-compatible.
class COMET_API Error {
 public:
  Error() = default;
  Error(Errc code, std::string message) : code_(code), message_(std::move(message)) {}

  Errc code() const { return code_; }
  const std::string& message() const { return message_; }

  // The response code of the broker or name server, 0 if none was received.
  int broker_code() const { return broker_code_; }
  // Address of the server asked last, empty if none was.
  const std::string& server() const { return server_; }
  // How many times it was tried.
  int attempts() const { return attempts_; }
  // True when the same call may succeed later without a change by the caller.
  bool retriable() const;

  Error&& with_broker_code(int code) && {
    broker_code_ = code;
    return std::move(*this);
  }
  Error&& with_server(std::string address) && {
    server_ = std::move(address);
    return std::move(*this);
  }
  Error&& with_attempts(int count) && {
    attempts_ = count;
    return std::move(*this);
  }

 private:
  Errc code_ = Errc::ok;
  int broker_code_ = 0;
  int attempts_ = 0;
  std::string message_;
  std::string server_;
};

}  // namespace comet

template <>
struct std::is_error_code_enum<comet::Errc> : std::true_type {};
