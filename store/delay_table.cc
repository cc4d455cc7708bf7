#include "store/delay_table.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "remoting/base/hash.h"
#include "remoting/base/text.h"

namespace comet::store {
namespace {

std::optional<std::int64_t> UnitMs(char unit) {
  switch (unit) {
    case 's':
      return 1000;
    case 'm':
      return 60 * 1000;
    case 'h':
      return 3600 * 1000;
    case 'd':
      return 24 * 3600 * 1000;
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> ParseDelay(std::string_view word) {
  const auto unit_ms = UnitMs(word.back());
  const auto count = ParseNumber<std::int64_t>(word.substr(0, word.size() - 1));
  constexpr std::int64_t kCountMax = 1'000'000;
  if (!unit_ms || !count || *count < 0 || *count > kCountMax) return std::nullopt;
  return *count * *unit_ms;
}

}  // namespace

StatusOr<DelayTable> DelayTable::Parse(std::string_view text) {
  DelayTable table;
  while (true) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return table;
    const auto end = std::min(text.find(' ', begin), text.size());
    const auto word = text.substr(begin, end - begin);
    const auto delay_ms = ParseDelay(word);
    if (!delay_ms) {
      return Status(Status::Code::kInvalid, Concat("messageDelayLevel: \"", word,
                                                   "\" is not a number followed by s, m, h or d"));
    }
    table.delays_ms_.push_back(*delay_ms);
    text.remove_prefix(end);
  }
}

std::int64_t DelayTable::delay_ms(std::int64_t level) const {
  if (level < 1 || delays_ms_.empty()) return 0;
  return delays_ms_[static_cast<std::size_t>(std::min(level, levels()) - 1)];
}

TagsCode TagsCodeOf(std::string_view topic, std::string_view tags, std::string_view delay_level,
                    const DelayTable& delays) {
  if (!delay_level.empty() && topic == kDelayTopic) {
    const auto level = ParseNumber<std::int32_t>(delay_level);
    if (level && *level > 0) return {delays.delay_ms(*level), true};
  }
  return {tags.empty() ? 0 : JavaStringHash(tags), false};
}

}  // namespace comet::store
