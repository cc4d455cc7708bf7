#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "remoting/base/check.h"

namespace comet {

// Outcome of an operation that can fail for reasons outside the program's control.
// Ok costs one null pointer; an error owns its message. Thread-compatible.
class [[nodiscard]] Status {
 public:
  enum class Code : std::uint8_t {
    kOk,
    kNotFound,     // the thing asked for does not exist
    kInvalid,      // the caller's input is wrong
    kCorruption,   // stored or received bytes contradict their format
    kIo,           // the operating system refused
    kFull,         // a disk, queue or limit is full; trying later may help
    kTimeout,      // no answer in time; the operation may have happened
    kUnavailable,  // the other side is not there or not ready
    kClosed        // this object has been shut down
  };

  Status() = default;  // ok
  Status(Code code, std::string message)
      : error_(std::make_unique<Error>(Error{code, std::move(message)})) {
    COMET_CHECK(code != Code::kOk);
  }

  bool ok() const { return error_ == nullptr; }
  Code code() const { return error_ ? error_->code : Code::kOk; }
  const std::string& message() const;            // empty when ok
  Status Annotate(std::string_view context) &&;  // "open store/0000: No space left"
  Status Clone() const;                          // errors are move-only by default: copies are rare
  std::string ToString() const;                  // "IO: open store/0000: No space left", for logs

 private:
  struct Error {
    Code code;
    std::string message;
  };
  std::unique_ptr<Error> error_;
};

std::string_view StatusCodeName(Status::Code code);

// Leaves the enclosing function with the error, if there is one.
#define COMET_TRY(expr)                                                      \
  do {                                                                       \
    if (auto comet_status = (expr); !comet_status.ok()) return comet_status; \
  } while (false)

}  // namespace comet
