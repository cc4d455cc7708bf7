#pragma once

#include <atomic>
#include <memory>

#include "remoting/base/executor.h"
#include "remoting/base/step_runner.h"
#include "store/appender.h"
#include "store/dispatcher.h"
#include "store/flusher.h"
#include "store/store.h"

namespace comet::store {

// Under SYNC_FLUSH one thread writes and syncs by turns, so that all that arrives during a sync is
// one write, and nobody is woken between the two.
class WriteAndSync {
 public:
  WriteAndSync(Appender& appender, Flusher& flusher) : appender_(appender), flusher_(flusher) {}

  bool Step() {
    const bool written = appender_.Step();
    return flusher_.Step() || written;
  }

 private:
  Appender& appender_;
  Flusher& flusher_;
};

// The threads of a running store: dispatcher, flusher, and the appender unless the flusher's thread
// or a loop steps it. Stop them (or destroy this) before Store::Close.
class StoreThreads {
 public:
  struct Options {
    // False when the only loop steps the appender at the end of its iterations, under ASYNC_FLUSH;
    // it must then connect Appender::wake() itself, before this is made, for batches that come from
    // elsewhere, and call WakeDispatcher.
    bool own_appender = true;
  };
  StoreThreads(Store& store, Executor& worker, Options options);
  ~StoreThreads() { Stop(); }

  // For a loop that steps the appender under ASYNC_FLUSH: to be called some time after a step that
  // did something.
  void WakeDispatcher() { bells_->dispatcher.Ring(); }

  void Stop();  // idempotent

 private:
  void StartSync();  // threads of a SYNC_FLUSH log
  void StartAsync(bool own_appender);

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
    Bell<WriteAndSync> both;
    Bell<Dispatcher> dispatcher;
  };

  Store& store_;
  std::shared_ptr<Bells> bells_ = std::make_shared<Bells>();
  std::unique_ptr<StepRunner<Dispatcher>> dispatcher_;
  std::unique_ptr<StepRunner<Flusher>> flusher_;
  WriteAndSync write_and_sync_;
  std::unique_ptr<StepRunner<WriteAndSync>> both_;
  std::unique_ptr<StepRunner<Appender>> appender_;
};

}  // namespace comet::store
