#pragma once

#include <pthread.h>

#include <atomic>
#include <concepts>
#include <cstdint>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

namespace comet {

// Work that advances in bounded steps and can tell when there is none.
template <class W>
concept Steppable = requires(W& work) {
  { work.Step() } -> std::same_as<bool>;
};

// Runs a Steppable on a thread of its own: steps while there is work, sleeps until woken.
// The simulator calls Step() itself and needs no runner, so no component owns a thread.
template <Steppable W>
class StepRunner {
 public:
  StepRunner(std::string name, W& work) : name_(std::move(name)), work_(work) {
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }
  ~StepRunner() { Stop(); }
  StepRunner(const StepRunner&) = delete;
  StepRunner& operator=(const StepRunner&) = delete;

  void Wake() {  // any thread; cheap when the worker is awake
    wakeups_.fetch_add(1, std::memory_order_release);
    wakeups_.notify_one();
  }

  // Ends after the step under way and waits for it. Idempotent.
  void Stop() {
    thread_.request_stop();
    Wake();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Run(const std::stop_token& stop) {
    pthread_setname_np(pthread_self(), name_.substr(0, 15).c_str());
    for (;;) {
      // Read before the stop flag, or a stop between the two would be slept through.
      const auto seen = wakeups_.load(std::memory_order_acquire);
      if (stop.stop_requested()) return;
      if (!work_.Step()) wakeups_.wait(seen);  // returns at once if Wake() came meanwhile
    }
  }

  std::string name_;
  W& work_;
  std::atomic<std::uint32_t> wakeups_ = 0;
  std::jthread thread_;  // last: joins before the members it uses are gone
};

}  // namespace comet
