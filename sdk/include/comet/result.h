#pragma once

#include <comet/error.h>

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace comet {

namespace detail {
// Prints the error and aborts: value() was called on a result that has none.
[[noreturn]] COMET_API void value_of_error(const Error& error);
}  // namespace detail

// A value, or the error that prevented it. No function of this library throws: test the result,
// then read it. Reading the value of an error, or the error of a value, ends the process with the
// error's message.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & {
    require_value();
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    require_value();
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    require_value();
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T value_or(T fallback) const { return has_value() ? value() : std::move(fallback); }

  const Error& error() const {
    if (has_value())
      detail::value_of_error(Error(Errc::internal, "error() of a result that has a value"));
    return *std::get_if<1>(&state_);
  }

  // fn(T) -> Result<U>; an error passes through.
  template <class Fn>
  auto and_then(Fn&& fn) && -> std::invoke_result_t<Fn, T&&> {
    if (!has_value()) return error();
    return std::forward<Fn>(fn)(std::move(*this).value());
  }
  // fn(T) -> U; an error passes through.
  template <class Fn>
  auto map(Fn&& fn) && -> Result<std::invoke_result_t<Fn, T&&>> {
    if (!has_value()) return error();
    return std::forward<Fn>(fn)(std::move(*this).value());
  }

 private:
  void require_value() const {
    if (!has_value()) detail::value_of_error(error());
  }

  std::variant<T, Error> state_;
};

// Success without a value, or an error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }
  void value() const {
    if (!has_value()) detail::value_of_error(error());
  }
  const Error& error() const {
    if (has_value())
      detail::value_of_error(Error(Errc::internal, "error() of a result that has a value"));
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace comet
