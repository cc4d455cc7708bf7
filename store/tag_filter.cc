#include "store/tag_filter.h"

#include <algorithm>
#include <utility>

#include "remoting/base/hash.h"

namespace comet::store {
namespace {

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

TagFilter::TagFilter(std::string_view expression) {
  expression = Trim(expression);
  all_ = expression.empty() || expression == "*";
  while (!all_ && !expression.empty()) {
    const std::size_t end = std::min(expression.find("||"), expression.size());
    const std::string_view tag = Trim(expression.substr(0, end));
    if (!tag.empty()) codes_.push_back(JavaStringHash(tag));
    expression.remove_prefix(std::min(end + 2, expression.size()));
  }
  std::sort(codes_.begin(), codes_.end());
}

TagFilter::TagFilter(std::vector<std::int32_t> codes) : all_(false), codes_(std::move(codes)) {
  std::sort(codes_.begin(), codes_.end());
}

bool TagFilter::MatchesEntry(const QueueEntry& entry) const {
  return all_ || std::binary_search(codes_.begin(), codes_.end(),
                                    static_cast<std::int32_t>(entry.tags_code));
}

}  // namespace comet::store
