#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace comet::cli {

// Lays cells out after a pattern such as "%-22s  %4s\n": each %Ns is the next cell, padded to N
// characters on the left, or with %-Ns on the right; all else is copied. Longer cells are not cut.
// Scripts read these columns by position, so the patterns are an interface.
std::string Row(std::string_view pattern, std::span<const std::string> cells);
std::string Row(std::string_view pattern, std::initializer_list<std::string> cells);

// The first `characters` of a text.
std::string Front(std::string_view text, std::size_t characters);

// 1203.40: rounded as Java does it, halves of the shortest decimal away from zero.
std::string Fixed(double value, int decimals);
// Local time: 2026-03-01 10:20:30,123 and 2026-03-01 10:20:30.
std::string HumanTimeMs(std::int64_t epoch_ms);
std::string HumanTime(std::int64_t epoch_ms);

}  // namespace comet::cli
