#include "broker/cold_read.h"

#include <utility>

namespace comet::broker {

void BringIntoMemory(Slice bytes) {
  constexpr std::size_t kPageBytes = 4096;
  for (std::size_t at = 0; at < bytes.size(); at += kPageBytes) {
    static_cast<void>(*static_cast<const volatile char*>(bytes.data() + at));
  }
  if (!bytes.empty()) static_cast<void>(*static_cast<const volatile char*>(&bytes.back()));
}

void ColdRead::Read(const store::QueueSlot& queue, std::int64_t offset,
                    const store::ReadLimits& limits, const store::MessageFilter& filter,
                    Executor& back, Done done) {
  parts_.line.Enter(parts_.clock.Now());
  parts_.worker.Post(
      [this, &queue, offset, limits, &filter, &back, done = std::move(done)]() mutable {
        parts_.line.LeaveFirst();
        auto result = parts_.reader.Read(&queue, offset, limits, &filter);
        for (const auto& range : result.ranges) BringIntoMemory(range.bytes);
        back.Post([result = std::move(result), done = std::move(done)]() mutable {
          done(std::move(result));
        });
      });
}

}  // namespace comet::broker
