#include "store/tag_filter.h"

#include <gtest/gtest.h>

#include "remoting/base/hash.h"

namespace comet::store {
namespace {

bool Matches(const TagFilter& filter, std::string_view tag) {
  return filter.MatchesEntry({0, 100, JavaStringHash(tag)});
}

TEST(TagFilter, AStarOrNothingMeansEverything) {
  for (const char* text : {"*", "", "  ", " * "}) {
    EXPECT_TRUE(TagFilter(text).all()) << text;
    EXPECT_TRUE(Matches(TagFilter(text), "TagA"));
  }
  EXPECT_TRUE(TagFilter().all());
}

TEST(TagFilter, TakesTagsSeparatedByBars) {
  const TagFilter filter("TagA || TagB||\xE6\xB1\x89 ");
  EXPECT_TRUE(Matches(filter, "TagA"));
  EXPECT_TRUE(Matches(filter, "TagB"));
  EXPECT_TRUE(Matches(filter, "\xE6\xB1\x89"));
  EXPECT_FALSE(Matches(filter, "TagC"));
  EXPECT_FALSE(filter.MatchesEntry({0, 100, 0}));
}

TEST(TagFilter, ComparesOnlyTheLowerHalfOfTheCode) {
  const TagFilter filter(std::vector<std::int32_t>{-5});
  EXPECT_TRUE(filter.MatchesEntry({0, 100, -5}));
  EXPECT_TRUE(filter.MatchesEntry({0, 100, 0xfffffffb}));
  EXPECT_FALSE(filter.MatchesEntry({0, 100, 5}));
}

TEST(TagFilter, NoTagsAtAllMatchNothing) {
  EXPECT_FALSE(Matches(TagFilter(std::vector<std::int32_t>{}), "TagA"));
  EXPECT_FALSE(Matches(TagFilter("||"), "TagA"));
}

}  // namespace
}  // namespace comet::store
