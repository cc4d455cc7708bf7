#pragma once

// Random numbers that are handed in, never fetched: a run is repeatable when its seed is.

#include <cstdint>
#include <limits>
#include <random>

namespace comet {

// SplitMix64: small, fast, good enough to spread load; not for secrets. One thread at a time.
class Random {
 public:
  using result_type = std::uint64_t;  // usable with <algorithm> and <random>

  explicit Random(std::uint64_t seed) : state_(seed) {}

  // Seeded by the operating system; for programs, not for tests.
  static Random FromSystem() {
    std::random_device device;
    return Random((std::uint64_t{device()} << 32) | device());
  }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  result_type operator()() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  // A number below `bound`, which is at least 1. The bias is below bound / 2^32.
  std::uint32_t Below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(((*this)() >> 32) * bound >> 32);
  }

 private:
  std::uint64_t state_;
};

}  // namespace comet
