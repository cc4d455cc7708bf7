#pragma once

#include <functional>
#include <utility>

namespace comet::store {

// How one step object tells another that it has work. Empty until connected: whoever calls Step()
// by hand, an inline loop or a test, needs no waking. Connect before any thread uses it.
class WakeHook {
 public:
  void Connect(std::function<void()> wake) { wake_ = std::move(wake); }
  void operator()() const {
    if (wake_) wake_();
  }

 private:
  std::function<void()> wake_;
};

}  // namespace comet::store
