#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace comet {

// How much may wait for something at one time: so many things, so many bytes. Any thread. Shares
// may outlive it.
class Allowance {
  struct State;

 public:
  // Gives back what it was for when it ends. Move-only.
  class Share {
   public:
    ~Share() {
      if (of_ == nullptr) return;
      of_->count.fetch_sub(1, std::memory_order_relaxed);
      of_->bytes.fetch_sub(bytes_, std::memory_order_relaxed);
    }
    Share(Share&&) noexcept = default;  // empties the other
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

   private:
    friend class Allowance;
    Share(std::shared_ptr<State> of, std::size_t bytes) : of_(std::move(of)), bytes_(bytes) {}

    std::shared_ptr<State> of_;
    std::size_t bytes_;
  };

  Allowance(std::size_t count_max, std::size_t bytes_max)
      : count_max_(count_max), bytes_max_(bytes_max) {}

  // Nothing when it would be too much.
  std::optional<Share> Take(std::size_t bytes) {
    const auto count = state_->count.fetch_add(1, std::memory_order_relaxed) + 1;
    const auto all = state_->bytes.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    Share share(state_, bytes);
    if (count > count_max_ || all > bytes_max_) return std::nullopt;
    return share;
  }

 private:
  struct State {
    std::atomic<std::size_t> count = 0, bytes = 0;
  };

  const std::size_t count_max_, bytes_max_;
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace comet
