#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace comet::cli {

// What brokers tell of themselves, or their settings: text by key.
using RuntimeInfo = std::map<std::string, std::string>;

std::string TextOf(const RuntimeInfo& info, const std::string& key,
                   std::string_view otherwise = "");
// 0 when it is not there.
std::int64_t NumberOf(const RuntimeInfo& info, const std::string& key);
// The first of blank-separated decimals: rates come as 10 s, 1 min, 10 min.
double DecimalOf(const RuntimeInfo& info, const std::string& key);

}  // namespace comet::cli
