#include "remoting/base/histogram.h"

#include <algorithm>
#include <cmath>

namespace comet {

// Values below 2^(kSubBits+1) are their own bucket. Above, the leading kSubBits+1 bits choose it.
std::size_t Histogram::BucketOf(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
  const auto width = static_cast<unsigned>(std::bit_width(bits));
  const unsigned shift = width > kSubBits + 1 ? width - kSubBits - 1 : 0;
  return (std::size_t{shift} << kSubBits) + static_cast<std::size_t>(bits >> shift);
}

std::int64_t Histogram::UpperEdge(std::size_t bucket) {
  const std::size_t per_power = std::size_t{1} << kSubBits;
  if (bucket < 2 * per_power) return static_cast<std::int64_t>(bucket);
  const std::size_t shift = bucket / per_power - 1;
  const auto lead = static_cast<std::uint64_t>(bucket - shift * per_power);
  return static_cast<std::int64_t>(((lead + 1) << shift) - 1);
}

void Histogram::Add(std::int64_t value, std::int64_t times) {
  value = std::max<std::int64_t>(value, 0);
  buckets_[BucketOf(value)].fetch_add(times, std::memory_order_relaxed);
  count_.fetch_add(times, std::memory_order_relaxed);
  sum_.fetch_add(value * times, std::memory_order_relaxed);
  auto seen = max_.load(std::memory_order_relaxed);
  while (seen < value && !max_.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {}
}

void Histogram::MergeFrom(const Histogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) {
    buckets_[i].fetch_add(other.buckets_[i].load(std::memory_order_relaxed),
                          std::memory_order_relaxed);
  }
  count_.fetch_add(other.count(), std::memory_order_relaxed);
  sum_.fetch_add(other.sum(), std::memory_order_relaxed);
  auto seen = max();
  while (seen < other.max() && !max_.compare_exchange_weak(seen, other.max())) {}
}

void Histogram::Clear() {
  for (auto& bucket : buckets_) bucket.store(0, std::memory_order_relaxed);
  count_.store(0, std::memory_order_relaxed);
  sum_.store(0, std::memory_order_relaxed);
  max_.store(0, std::memory_order_relaxed);
}

double Histogram::mean() const {
  const auto all = count();
  return all == 0 ? 0.0 : static_cast<double>(sum()) / static_cast<double>(all);
}

std::int64_t Histogram::Percentile(double share) const {
  const auto all = count();
  if (all == 0) return 0;
  const auto wanted = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(std::ceil(std::clamp(share, 0.0, 1.0) * double(all))));
  std::int64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i].load(std::memory_order_relaxed);
    if (seen >= wanted) return std::min(UpperEdge(i), max());
  }
  return max();
}

std::int64_t Histogram::CountUpTo(std::int64_t bound) const {
  if (bound < 0) return 0;
  std::int64_t seen = 0;
  const auto last = BucketOf(bound);
  for (std::size_t i = 0; i <= last; ++i) seen += buckets_[i].load(std::memory_order_relaxed);
  return seen;
}

}  // namespace comet
