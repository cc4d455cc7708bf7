#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace comet {

template <class Signature>
class UniqueFunction;

// A move-only callable: std::function without the copy, so that it can own a promise, a buffer
// or a Responder. Callables of up to 48 bytes that move without throwing are kept inside.
// Calling an empty one is a program error.
template <class R, class... Args>
class UniqueFunction<R(Args...)> {
 public:
  UniqueFunction() = default;
  UniqueFunction(std::nullptr_t) {}  // NOLINT: `= nullptr` reads well

  template <class Fn>
  requires(!std::is_same_v<std::decay_t<Fn>, UniqueFunction> &&
           std::is_invocable_r_v<R, std::decay_t<Fn>&, Args...>)
      UniqueFunction(Fn&& fn) {  // NOLINT: a callable is meant to convert
    using Callable = std::decay_t<Fn>;
    if constexpr (kFitsInside<Callable>) {
      ::new (static_cast<void*>(storage_)) Callable(std::forward<Fn>(fn));
      table_ = &kInside<Callable>;
    } else {
      ::new (static_cast<void*>(storage_)) Callable*(new Callable(std::forward<Fn>(fn)));
      table_ = &kOutside<Callable>;
    }
  }

  UniqueFunction(UniqueFunction&& other) noexcept { TakeFrom(other); }
  UniqueFunction& operator=(UniqueFunction&& other) noexcept {
    if (this != &other) {
      Reset();
      TakeFrom(other);
    }
    return *this;
  }
  UniqueFunction(const UniqueFunction&) = delete;
  UniqueFunction& operator=(const UniqueFunction&) = delete;
  ~UniqueFunction() { Reset(); }

  explicit operator bool() const { return table_ != nullptr; }
  R operator()(Args... args) { return table_->call(storage_, std::forward<Args>(args)...); }

 private:
  struct Table {
    R (*call)(void*, Args&&...);
    void (*move)(void* to, void* from);  // leaves `from` destroyed
    void (*destroy)(void*);
  };

  static constexpr std::size_t kInsideBytes = 48;

  template <class Callable>
  static constexpr bool kFitsInside = sizeof(Callable) <= kInsideBytes &&
                                      alignof(Callable) <= alignof(std::max_align_t) &&
                                      std::is_nothrow_move_constructible_v<Callable>;

  template <class Callable>
  static constexpr Table kInside{
      [](void* at, Args&&... args) -> R {
        return (*static_cast<Callable*>(at))(std::forward<Args>(args)...);
      },
      [](void* to, void* from) {
        auto* source = static_cast<Callable*>(from);
        ::new (to) Callable(std::move(*source));
        source->~Callable();
      },
      [](void* at) {
        static_cast<Callable*>(at)->~Callable();
      }};

  template <class Callable>
  static constexpr Table kOutside{
      [](void* at, Args&&... args) -> R {
        return (**static_cast<Callable**>(at))(std::forward<Args>(args)...);
      },
      [](void* to, void* from) { ::new (to) Callable*(*static_cast<Callable**>(from)); },
      [](void* at) {
        delete *static_cast<Callable**>(at);
      }};

  void TakeFrom(UniqueFunction& other) noexcept {
    if (other.table_ == nullptr) return;
    other.table_->move(storage_, other.storage_);
    table_ = std::exchange(other.table_, nullptr);
  }
  void Reset() {
    if (table_ != nullptr) std::exchange(table_, nullptr)->destroy(storage_);
  }

  alignas(std::max_align_t) std::byte storage_[kInsideBytes];
  const Table* table_ = nullptr;
};

}  // namespace comet
