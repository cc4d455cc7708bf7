#pragma once

#include <atomic>
#include <memory>

#include "remoting/base/executor.h"
#include "remoting/base/step_runner.h"
#include "store/appender.h"
#include "store/dispatcher.h"
#include "store/flusher.h"

namespace comet::store {

class Store;

// The threads of a running store: flusher, dispatcher, and the appender unless a loop steps it.
// Stop them (or destroy this) before Store::Close.
class StoreThreads {
 public:
  struct Options {
    // False when the only loop steps the appender at the end of its iterations; it must then
    // connect Appender::wake() itself, before this is made, for batches that come from elsewhere.
    bool own_appender = true;
  };
  StoreThreads(Store& store, Executor& worker, Options options);
  ~StoreThreads() { Stop(); }

  void Stop();  // idempotent

 private:
  // Wakes a runner that may not be there yet.
  template <Steppable W>
  class Bell {
   public:
    void Ring() {
      if (auto* runner = runner_.load(std::memory_order_acquire)) runner->Wake();
    }
    void Attach(StepRunner<W>* runner) {
      runner_.store(runner, std::memory_order_release);
      Ring();  // for what came before
    }

   private:
    std::atomic<StepRunner<W>*> runner_ = nullptr;
  };
  // The hooks keep the bells, because they may ring after the threads have ended.
  struct Bells {
    Bell<Appender> appender;
    Bell<Flusher> flusher;
    Bell<Dispatcher> dispatcher;
  };

  Store& store_;
  std::shared_ptr<Bells> bells_ = std::make_shared<Bells>();
  std::unique_ptr<StepRunner<Dispatcher>> dispatcher_;
  std::unique_ptr<StepRunner<Flusher>> flusher_;
  std::unique_ptr<StepRunner<Appender>> appender_;
};

}  // namespace comet::store
