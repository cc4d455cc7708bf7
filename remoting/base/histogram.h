#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace comet {

// How often values came, in fixed buckets: exact below 64, then 32 buckets to each power of two,
// so a percentile is at most 1/32 (3.2 %) too high. The unit is the caller's. 15 KiB each.
// Any thread; readers may see a value that is being added in count() and not yet in a bucket.
class Histogram {
 public:
  void Add(std::int64_t value, std::int64_t times = 1);  // negative values count as 0
  void MergeFrom(const Histogram& other);
  void Clear();

  std::int64_t count() const { return count_.load(std::memory_order_relaxed); }
  std::int64_t sum() const { return sum_.load(std::memory_order_relaxed); }
  std::int64_t max() const { return max_.load(std::memory_order_relaxed); }
  double mean() const;

  // The value that `share` (0..1) of all values do not exceed; 0 when there are none. Never above
  // max().
  std::int64_t Percentile(double share) const;

  // How many values are at most `bound`, whose bucket counts as a whole.
  std::int64_t CountUpTo(std::int64_t bound) const;

 private:
  static constexpr unsigned kSubBits = 5;  // 32 buckets to a power of two
  static constexpr std::size_t kBuckets = (63 - kSubBits) * (1U << kSubBits) + (1U << kSubBits);

  static std::size_t BucketOf(std::int64_t value);
  static std::int64_t UpperEdge(std::size_t bucket);

  std::array<std::atomic<std::int64_t>, kBuckets> buckets_{};
  std::atomic<std::int64_t> count_ = 0;
  std::atomic<std::int64_t> sum_ = 0;
  std::atomic<std::int64_t> max_ = 0;
};

}  // namespace comet
