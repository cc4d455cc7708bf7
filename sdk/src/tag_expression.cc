#include "sdk/src/tag_expression.h"

#include <algorithm>

namespace comet::client {
namespace {

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

TagExpression::TagExpression(std::string_view expression) {
  if (Trim(expression) == "*") return;
  while (!expression.empty()) {
    const auto end = expression.find("||");
    const std::string_view tag = Trim(expression.substr(0, end));
    if (!tag.empty()) tags_.emplace_back(tag);
    expression = end == std::string_view::npos ? std::string_view() : expression.substr(end + 2);
  }
}

bool TagExpression::Matches(std::string_view tag) const {
  return tags_.empty() || std::find(tags_.begin(), tags_.end(), tag) != tags_.end();
}

}  // namespace comet::client
