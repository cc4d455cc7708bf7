#include "store/replication/feed.h"

#include <algorithm>
#include <utility>

#include "remoting/base/text.h"

namespace comet::store {
namespace {

constexpr auto kFrameMax = static_cast<std::int64_t>(wire::kHaBodyBytesMax);

}  // namespace

Feed::Feed(const CommitLog& log, FeedOptions options)
    : log_(log), batch_bytes_(std::clamp<std::int64_t>(options.batch_bytes, 1, kFrameMax)) {}

Status Feed::OnReport(std::int64_t offset) {
  if (!started()) return Start(offset);
  if (offset < acked_ || offset > position_) {
    return {Status::Code::kInvalid,
            Concat("the replica reports log offset ", offset, " after ", acked_,
                   ", and was sent up to ", position_, ": it does not follow this log")};
  }
  acked_ = offset;
  return {};
}

Status Feed::Start(std::int64_t offset) {
  if (offset < 0 || offset > log_.end()) {
    return {Status::Code::kInvalid,
            Concat("the replica has the log up to offset ", offset, ", this master only to ",
                   log_.end(),
                   ": what lies behind exists there alone; keep it, or wipe the "
                   "replica's store to copy this one's")};
  }
  if (offset != 0 && offset < log_.begin()) {
    return {
        Status::Code::kNotFound,
        Concat("the replica has the log up to offset ", offset, ", this master from ", log_.begin(),
               " on: what lies between has expired; wipe the replica's store, "
               "or copy this one's")};
  }
  position_ = std::max(offset, log_.begin());
  acked_ = offset;
  return {};
}

StatusOr<std::optional<FeedFrame>> Feed::Next() {
  if (!started() || position_ >= log_.visible()) return std::optional<FeedFrame>();
  auto segment = log_.SegmentAt(position_);
  if (segment == nullptr) {
    return Status(Status::Code::kNotFound,
                  Concat("the replica needs the log from offset ", position_, " on, it begins at ",
                         log_.begin(), ": the files between have expired while it lagged behind"));
  }
  const auto wanted =
      std::min({batch_bytes_, log_.visible() - position_, segment->end() - position_});
  const auto bytes = segment->Readable(position_, wanted);
  if (bytes == 0) {
    return segment->CheckTouched(position_, position_ + wanted)
        .Annotate("the replica's copy ends here");
  }
  FeedFrame frame;
  frame.header = {position_, static_cast<std::int32_t>(bytes)};
  frame.range.bytes = segment->From(position_, bytes);
  frame.range.descriptor = segment->descriptor();
  frame.range.file_position = static_cast<std::uint64_t>(position_ - segment->base());
  frame.range.pin = std::move(segment);
  position_ += bytes;
  return std::optional(std::move(frame));
}

}  // namespace comet::store
