#include "console/cli/time_text.h"

#include <ctime>
#include <optional>

#include "remoting/base/text.h"

namespace comet::cli {
namespace {

// Digits at the front, then the separator; takes both off.
std::optional<int> TakeNumber(std::string_view* text, std::size_t digits, char separator) {
  if (text->size() < digits) return std::nullopt;
  const auto number = ParseNumber<int>(text->substr(0, digits));
  text->remove_prefix(digits);
  if (separator == 0) return text->empty() ? number : std::nullopt;
  if (text->empty() || text->front() != separator) return std::nullopt;
  text->remove_prefix(1);
  return number;
}

std::optional<std::int64_t> ParseLocal(std::string_view text) {
  const auto year = TakeNumber(&text, 4, '-');
  const auto month = TakeNumber(&text, 2, '-');
  const auto day = TakeNumber(&text, 2, '#');
  const auto hour = TakeNumber(&text, 2, ':');
  const auto minute = TakeNumber(&text, 2, ':');
  const auto second = TakeNumber(&text, 2, ':');
  const auto ms = TakeNumber(&text, 3, 0);
  if (!year || !month || !day || !hour || !minute || !second || !ms) return std::nullopt;
  std::tm local{};
  local.tm_year = *year - 1900;
  local.tm_mon = *month - 1;
  local.tm_mday = *day;
  local.tm_hour = *hour;
  local.tm_min = *minute;
  local.tm_sec = *second;
  local.tm_isdst = -1;
  const std::time_t seconds = mktime(&local);
  if (seconds == -1 || local.tm_mday != *day) return std::nullopt;  // a day that does not exist
  return static_cast<std::int64_t>(seconds) * 1000 + *ms;
}

}  // namespace

StatusOr<std::int64_t> ParseTimeOr(std::string_view text, std::int64_t otherwise) {
  if (text.empty()) return otherwise;
  if (const auto ms = ParseNumber<std::int64_t>(text); ms && *ms >= 0) return *ms;
  if (const auto ms = ParseLocal(text)) return *ms;
  return Status(
      Status::Code::kInvalid,
      Concat("not a time: ", text, "; write milliseconds since 1970 or yyyy-MM-dd#HH:mm:ss:SSS"));
}

}  // namespace comet::cli
