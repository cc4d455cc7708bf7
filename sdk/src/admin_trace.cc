#include "sdk/src/admin_trace.h"

#include <optional>

#include "remoting/base/text.h"

namespace comet::client {
namespace {

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

// Where a kind of record has what.
struct Layout {
  std::size_t id, time, group, cost, success, least_fields;
};
constexpr Layout kSent{5, 1, 3, 10, 12, 13};
constexpr std::size_t kSentWithOffsetId = 14;  // one field more in front of the success
constexpr Layout kConsumed{2, 7, 8, 3, 4, 9};

std::optional<TraceEntry> ReadRecord(std::string_view record, std::string_view message_id) {
  const std::vector<std::string_view> fields = Split(record, '\1');
  if (fields.empty()) return std::nullopt;
  const bool sent = fields[0] == "Pub";
  if (!sent && fields[0] != "SubAfter") return std::nullopt;
  const Layout& at = sent ? kSent : kConsumed;
  if (fields.size() < at.least_fields || fields[at.id] != message_id) return std::nullopt;
  const auto time = ParseNumber<std::int64_t>(fields[at.time]);
  const auto cost = ParseNumber<std::int64_t>(fields[at.cost]);
  if (!time || !cost) return std::nullopt;
  const std::size_t success = at.success + (sent && fields.size() >= kSentWithOffsetId ? 1 : 0);
  return TraceEntry{sent ? TraceEntry::Kind::kSent : TraceEntry::Kind::kConsumed,
                    std::string(fields[at.group]), *time, *cost, fields[success] == "true"};
}

}  // namespace

std::vector<TraceEntry> ReadTrace(std::string_view body, std::string_view message_id) {
  std::vector<TraceEntry> entries;
  for (const std::string_view record : Split(body, '\2')) {
    if (auto entry = ReadRecord(record, message_id)) entries.push_back(std::move(*entry));
  }
  return entries;
}

}  // namespace comet::client
