#include "store/store_threads.h"

#include "store/store.h"
#include "store/upkeep.h"

namespace comet::store {

StoreThreads::StoreThreads(Store& store, Executor& worker, Options options) : store_(store) {
  if (options.own_appender) {
    store.appender().wake().Connect([bells = bells_] { bells->appender.Ring(); });
  }
  store.flusher().wake().Connect([bells = bells_] { bells->flusher.Ring(); });
  store.flusher().advanced().Connect([bells = bells_] { bells->dispatcher.Ring(); });
  store.dispatcher().wake().Connect([bells = bells_] { bells->dispatcher.Ring(); });

  dispatcher_ = std::make_unique<StepRunner<Dispatcher>>("dispatcher", store.dispatcher());
  bells_->dispatcher.Attach(dispatcher_.get());
  flusher_ = std::make_unique<StepRunner<Flusher>>("flusher", store.flusher());
  bells_->flusher.Attach(flusher_.get());
  if (options.own_appender) {
    appender_ = std::make_unique<StepRunner<Appender>>("appender", store.appender());
    bells_->appender.Attach(appender_.get());
  }
  store.upkeep().Start(worker);
}

// In the order of the data's way, each waiting for the step under way. A bell that rings later
// finds a runner whose thread has ended, which does no harm while this object lives.
void StoreThreads::Stop() {
  store_.upkeep().Stop();
  if (appender_ != nullptr) appender_->Stop();
  flusher_->Stop();
  dispatcher_->Stop();
  bells_->appender.Attach(nullptr);
  bells_->flusher.Attach(nullptr);
  bells_->dispatcher.Attach(nullptr);
}

}  // namespace comet::store
