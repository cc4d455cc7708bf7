#include "remoting/base/nearest_word.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "remoting/base/enum_names.h"

namespace comet {
namespace {

constexpr std::size_t kLengthMax = 80;  // twice the longest word there is

// Insertions, deletions and replacements that turn `a` into `b`, ignoring case; given up, with
// `limit` for an answer, once there must be as many.
std::size_t EditDistance(std::string_view a, std::string_view b, std::size_t limit) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = LowerAscii(a[i - 1]) == LowerAscii(b[j - 1]);
      const std::size_t replaced = diagonal + (same ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
      least = std::min(least, row[j]);
    }
    if (least >= limit) return limit;
  }
  return row.back();
}

}  // namespace

NearestWord::NearestWord(std::string_view written)
    : written_(written),
      least_(written.size() > kLengthMax ? 0 : std::max<std::size_t>(2, written.size() / 4) + 1) {}

void NearestWord::Consider(std::string_view known) {
  const auto longer = std::max(known.size(), written_.size());
  const auto shorter = std::min(known.size(), written_.size());
  if (longer - shorter >= least_) return;
  const auto distance = EditDistance(written_, known, least_);
  if (distance < least_) {
    least_ = distance;
    found_ = known;
  }
}

}  // namespace comet
