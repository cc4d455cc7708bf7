#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "remoting/base/describe_json.h"
#include "remoting/wire/bodies/data_version.h"

namespace comet::broker {

// Which part of a table, sorted by name, a request for all topics or groups is answered with.
//
// Callers since 5.4 ask by pages; others send no field and get everything. The first page is
// served again when the table has changed in between. Those callers stop one entry before the
// total and would lose it, so no page ends there.
struct PageRequest {
  static constexpr std::int32_t kPageMax = 2000;

  std::optional<std::int32_t> first;
  std::optional<std::string_view> version;  // JSON of the table's version in the earlier pages
  std::optional<std::int32_t> size;
};

struct Page {
  std::size_t begin = 0, end = 0;
};

inline Page PageOf(const PageRequest& asked, const wire::DataVersion& now, std::size_t total) {
  if (!asked.first && !asked.version && !asked.size) return {0, total};
  const auto wanted = asked.size.value_or(PageRequest::kPageMax);
  const auto size = wanted > 0 ? std::min(wanted, PageRequest::kPageMax) : PageRequest::kPageMax;
  const auto known = FromJson<wire::DataVersion>(asked.version.value_or(""));
  const bool same = known.ok() && *known == now;
  const auto first = same ? std::max(asked.first.value_or(0), 0) : 0;
  Page page;
  page.begin = std::min(static_cast<std::size_t>(first), total);
  page.end = std::min(page.begin + static_cast<std::size_t>(size), total);
  if (page.end + 1 == total) page.end = total;
  return page;
}

}  // namespace comet::broker
