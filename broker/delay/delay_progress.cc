#include "broker/delay/delay_progress.h"

#include "broker/delay/delay_step.h"

namespace comet::broker {

StatusOr<store::meta::DelayOffsets> DelayProgress(const Context& context) {
  if (context.delay_step == nullptr) return context.meta.DelayLevelOffsets();
  store::meta::DelayOffsets progress;
  for (int level = 1; level <= context.delays.levels(); ++level) {
    progress[level] = context.delay_step->progress(level);
  }
  return progress;
}

}  // namespace comet::broker
