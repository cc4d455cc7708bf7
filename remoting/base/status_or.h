#pragma once

#include <utility>
#include <variant>

#include "remoting/base/check.h"
#include "remoting/base/status.h"

namespace comet {

// A value, or the reason there is none. (Not called Result: that name belongs to the SDK's public
// headers, in the same namespace.) Reading the value of an error is a program error and
// aborts, in every build.
template <class T>
class [[nodiscard]] StatusOr {
 public:
  StatusOr(T value) : state_(std::move(value)) {}      // NOLINT: `return value;` is the point
  StatusOr(Status error) : state_(std::move(error)) {  // NOLINT: so is `return error;`
    COMET_CHECK(!std::get<Status>(state_).ok());
  }

  bool ok() const { return std::holds_alternative<T>(state_); }
  T& operator*() {
    COMET_CHECK(ok());
    return std::get<T>(state_);
  }
  const T& operator*() const {
    COMET_CHECK(ok());
    return std::get<T>(state_);
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }

  const Status& error() const {
    COMET_CHECK(!ok());
    return std::get<Status>(state_);
  }
  Status TakeError() {
    COMET_CHECK(!ok());
    return std::get<Status>(std::move(state_));
  }
  T Take() {
    COMET_CHECK(ok());
    return std::get<T>(std::move(state_));
  }

 private:
  std::variant<T, Status> state_;
};

#define COMET_CONCAT_INNER(a, b) a##b
#define COMET_CONCAT(a, b) COMET_CONCAT_INNER(a, b)

// COMET_ASSIGN(auto file, fs.Open(path)): takes the value or leaves the enclosing function.
#define COMET_ASSIGN(target, expr) \
  COMET_ASSIGN_TO(COMET_CONCAT(comet_result_, __LINE__), target, expr)
#define COMET_ASSIGN_TO(result, target, expr)  \
  auto result = (expr);                        \
  if (!result.ok()) return result.TakeError(); \
  target = result.Take()

}  // namespace comet
