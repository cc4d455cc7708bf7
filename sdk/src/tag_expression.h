#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace comet::client {

// "a || b", or "*" and "" for everything. The broker filters by the hash of the tag; the consumer
// compares the tags themselves, because hashes collide.
class TagExpression {
 public:
  explicit TagExpression(std::string_view expression);
  bool Matches(std::string_view tag) const;
  const std::vector<std::string>& tags() const { return tags_; }  // empty: all

 private:
  std::vector<std::string> tags_;  // empty: all
};

}  // namespace comet::client
