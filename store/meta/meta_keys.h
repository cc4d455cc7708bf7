#pragma once

// The keys of meta.proto.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/meta/meta_store.h"

namespace comet::store::meta::key {

inline constexpr char kTopic = 't', kGroup = 'g', kForbidden = 'f', kOffset = 'o', kDelay = 'd',
                      kVersion = 'v';

std::string Named(char kind, std::string_view name);
std::string OfLevel(std::int32_t level);
std::string OfVersion(Table table);
// Up to the group, the topic, or the queue.
std::string OffsetsOf(std::string_view group);
std::string OffsetsOf(std::string_view group, std::string_view topic);
std::string OffsetOf(const ConsumerOffset& offset);

// The other way; nothing for a key that is none of these. The offset itself is the value.
std::optional<ConsumerOffset> ParseOffset(std::string_view key);
std::optional<std::int32_t> ParseLevel(std::string_view key);

}  // namespace comet::store::meta::key
