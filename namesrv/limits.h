#pragma once

#include <cstddef>

namespace comet::namesrv {

// What strangers may make this process remember. Hitting one is a refusal with a reason.
inline constexpr std::size_t kTopicsMax = 500'000;
inline constexpr std::size_t kBrokersMax = 10'000;  // broker names
inline constexpr std::size_t kMembersMax = 64;      // brokers of one name
inline constexpr std::size_t kFilterServersMax = 64;
inline constexpr std::size_t kKvEntriesMax = 100'000;
inline constexpr std::size_t kKvValueBytesMax = 64 * 1024;
inline constexpr std::size_t kNameBytesMax = 255;  // brokers, clusters, addresses, keys
inline constexpr std::size_t kTopicBytesMax = 512;

// A compressed registration may unfold to this much, and not a byte more.
inline constexpr std::size_t kRegistrationBytesMax = 64 * 1024 * 1024;

}  // namespace comet::namesrv
