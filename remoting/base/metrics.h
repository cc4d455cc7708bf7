#pragma once

// Numbers an operator watches. A module declares its metrics as members of a struct with
// Visit(visitor); the exporter walks them.

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace comet {

inline constexpr std::uint32_t kThreadSlots = 64;

// A small number of this thread, given back when it ends. The last one, kThreadSlots - 1, is
// shared by all threads that came when the others were taken.
std::uint32_t ThreadSlot();

// A number that only grows. Each thread adds to its own cache line; reading sums the lines.
// Any thread. Name and help must outlive it (literals).
class Counter {
 public:
  constexpr Counter(std::string_view name, std::string_view help) : name_(name), help_(help) {}
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  void Add(std::int64_t n = 1) {
    const auto slot = ThreadSlot();
    auto& value = cells_[slot].value;
    if (slot == kThreadSlots - 1) {
      value.fetch_add(n, std::memory_order_relaxed);
    } else {  // this thread's alone: no locked instruction
      value.store(value.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
  }
  std::int64_t Sum() const;
  std::string_view name() const { return name_; }
  std::string_view help() const { return help_; }

 private:
  struct alignas(64) Cell {
    std::atomic<std::int64_t> value = 0;
  };
  std::string_view name_, help_;
  std::array<Cell, kThreadSlots> cells_{};
};

// A number that goes up and down. Any thread.
class Gauge {
 public:
  constexpr Gauge(std::string_view name, std::string_view help) : name_(name), help_(help) {}
  Gauge(const Gauge&) = delete;
  Gauge& operator=(const Gauge&) = delete;

  void Set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void Add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::int64_t Get() const { return value_.load(std::memory_order_relaxed); }
  std::string_view name() const { return name_; }
  std::string_view help() const { return help_; }

 private:
  std::string_view name_, help_;
  std::atomic<std::int64_t> value_ = 0;
};

}  // namespace comet
