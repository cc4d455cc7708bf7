#include "store/store_threads.h"

#include "remoting/base/check.h"
#include "store/upkeep.h"

namespace comet::store {

StoreThreads::StoreThreads(Store& store, Executor& worker, Options options)
    : store_(store), write_and_sync_(store.appender(), store.flusher()) {
  store.dispatcher().wake().Connect([bells = bells_] { bells->dispatcher.Ring(); });
  dispatcher_ = std::make_unique<StepRunner<Dispatcher>>("dispatcher", store.dispatcher());
  bells_->dispatcher.Attach(dispatcher_.get());
  if (store.config().sync_flush()) {
    COMET_CHECK(options.own_appender);
    StartSync();
  } else {
    StartAsync(options.own_appender);
  }
  store.upkeep().Start(worker);
}

void StoreThreads::StartSync() {
  store_.appender().wake().Connect([bells = bells_] { bells->both.Ring(); });
  store_.flusher().wake().Connect([bells = bells_] { bells->both.Ring(); });
  // What was offered may be dispatched once it is flushed, and every group asks for a flush.
  store_.flusher().advanced().Connect([bells = bells_] { bells->dispatcher.Ring(); });
  both_ = std::make_unique<StepRunner<WriteAndSync>>("flusher", write_and_sync_);
  bells_->both.Attach(both_.get());
}

void StoreThreads::StartAsync(bool own_appender) {
  store_.flusher().wake().Connect([bells = bells_] { bells->flusher.Ring(); });
  flusher_ = std::make_unique<StepRunner<Flusher>>("flusher", store_.flusher());
  bells_->flusher.Attach(flusher_.get());
  if (!own_appender) return;
  store_.dispatcher().offered().Connect([bells = bells_] { bells->dispatcher.Ring(); });
  store_.appender().wake().Connect([bells = bells_] { bells->appender.Ring(); });
  appender_ = std::make_unique<StepRunner<Appender>>("appender", store_.appender());
  bells_->appender.Attach(appender_.get());
}

// In the order of the data's way, each waiting for the step under way. A bell that rings later
// finds a runner whose thread has ended, which does no harm while this object lives.
void StoreThreads::Stop() {
  store_.upkeep().Stop();
  if (appender_ != nullptr) appender_->Stop();
  if (both_ != nullptr) both_->Stop();
  if (flusher_ != nullptr) flusher_->Stop();
  dispatcher_->Stop();
  bells_->appender.Attach(nullptr);
  bells_->both.Attach(nullptr);
  bells_->flusher.Attach(nullptr);
  bells_->dispatcher.Attach(nullptr);
}

}  // namespace comet::store
