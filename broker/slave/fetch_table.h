#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "remoting/base/describe_json.h"
#include "remoting/base/limits.h"
#include "remoting/base/status_or.h"
#include "remoting/base/text.h"
#include "remoting/wire/bodies/data_version.h"

namespace comet::broker {

inline constexpr auto kTableTimeout = std::chrono::seconds(30);
inline constexpr auto kProgressTimeout = std::chrono::seconds(3);

inline Status BadTable(std::string message) {
  return {Status::Code::kInvalid, std::move(message)};
}

// A part of a table that is asked for by the order of names, as masters since 5.4 give it; older
// ones give everything to whatever is asked.
struct PageAsk {
  std::optional<std::int32_t> first;
  std::optional<std::string_view> version;  // JSON; "" for the first page
  std::optional<std::int32_t> entries_max;
};

template <class Table>
struct TablePage {
  Table table;
  std::optional<std::int32_t> total;  // none: this was all
  std::size_t bytes = 0;              // of the answer
};

// Gathers a table page by page. `ask` gives the page for a PageAsk, `move` moves the entries of one
// table into another and gives the number that is there then. Nothing when the master's table still
// has the version `known`, which a page of one entry tells.
//
// A table that changes meanwhile is served from its beginning, with its new version.
template <class Table, class Ask, class Move>
StatusOr<std::optional<Table>> FetchTable(const std::optional<wire::DataVersion>& known, Ask ask,
                                          Move move) {
  constexpr std::int32_t kPageEntries = 2000;
  constexpr int kPagesMax = 200;
  constexpr std::size_t kBytesMax = limits::kInflatedBytesMax;  // of a whole table
  COMET_ASSIGN(TablePage<Table> page, ask(PageAsk{0, "", known ? 1 : kPageEntries}));
  if (known && page.table.data_version == *known) return std::optional<Table>();
  Table all;
  all.data_version = page.table.data_version;
  std::int32_t gathered = 0;
  std::size_t bytes = 0;
  for (int pages = 0; pages < kPagesMax; ++pages) {
    if (page.table.data_version != all.data_version) {
      all = Table();
      all.data_version = page.table.data_version;
      gathered = 0;
      bytes = 0;
    }
    bytes += page.bytes;
    if (bytes > kBytesMax) {
      return BadTable(Concat("more than ", kBytesMax, " bytes of a table"));
    }
    const auto before = gathered;
    gathered = move(std::move(page.table), &all);
    if (!page.total || gathered >= *page.total) return std::optional<Table>(std::move(all));
    if (gathered == before) {  // it does not keep to pages: everything at once
      COMET_ASSIGN(page, ask(PageAsk{}));
      return std::optional<Table>(std::move(page.table));
    }
    const auto version = ToJson(all.data_version);
    COMET_ASSIGN(page, ask(PageAsk{gathered, version, kPageEntries}));
  }
  return BadTable("changes faster than it can be read");
}

// The name of a topic or group that a master has: it becomes a key and a directory here.
Status CheckEntryName(std::string_view what, std::string_view name);
// A master counts on from the version it has, and a slave may become one.
Status CheckVersion(const wire::DataVersion& version);

}  // namespace comet::broker
