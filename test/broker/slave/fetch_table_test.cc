#include "broker/slave/fetch_table.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "remoting/base/text.h"
#include "remoting/wire/bodies/topic_config.h"

namespace comet::broker {
namespace {

using Table = wire::TopicConfigTable;

// A master's topics, and what it is asked.
class FetchTableTest : public testing::Test {
 protected:
  void Make(int count) {
    table_ = Table();
    table_.data_version.counter = ++changes_;
    for (int i = 0; i < count; ++i) {
      wire::TopicConfig topic;
      topic.name = Concat("topic", 100'000 + i);
      table_.topics[topic.name] = topic;
    }
  }
  // As masters since 5.4 answer.
  StatusOr<TablePage<Table>> Page(const PageAsk& ask) {
    asked_.push_back(ask.entries_max.value_or(-1));
    if (before_page_) before_page_();
    const auto known = FromJson<wire::DataVersion>(ask.version.value_or(""));
    auto first = known.ok() && *known == table_.data_version ? ask.first.value_or(0) : 0;
    TablePage<Table> page;
    page.table.data_version = table_.data_version;
    page.total = static_cast<std::int32_t>(table_.topics.size());
    auto left = ask.entries_max.value_or(1 << 30);
    for (const auto& [name, topic] : table_.topics) {
      if (first-- > 0) continue;
      if (left-- <= 0) break;
      page.table.topics[name] = topic;
    }
    return page;
  }
  StatusOr<TablePage<Table>> Whole(const PageAsk& ask) {
    asked_.push_back(ask.entries_max.value_or(-1));
    return TablePage<Table>{table_, std::nullopt};
  }
  template <class Ask>
  StatusOr<std::optional<Table>> Fetch(Ask ask, std::optional<wire::DataVersion> known = {}) {
    return FetchTable<Table>(known, ask, [](Table page, Table* all) {
      all->topics.merge(page.topics);
      return static_cast<std::int32_t>(all->topics.size());
    });
  }
  auto Pages() {
    return [this](const PageAsk& ask) {
      return Page(ask);
    };
  }

  Table table_;
  std::int64_t changes_ = 0;
  std::vector<std::int32_t> asked_;
  std::function<void()> before_page_;
};

TEST_F(FetchTableTest, GathersEveryPageToTheLastEntry) {
  for (const int count : {1, 2, 1999, 2000, 2001, 2002, 4001, 5000}) {
    Make(count);
    const auto got = Fetch(Pages());
    ASSERT_TRUE(got.ok());
    ASSERT_TRUE(got->has_value());
    EXPECT_EQ((*got)->topics.size(), static_cast<std::size_t>(count));
    EXPECT_EQ((*got)->data_version, table_.data_version);
  }
}

TEST_F(FetchTableTest, AVersionThatIsKnownCostsOneEntry) {
  Make(5000);
  const auto same = Fetch(Pages(), table_.data_version);
  ASSERT_TRUE(same.ok());
  EXPECT_FALSE(same->has_value());
  EXPECT_THAT(asked_, testing::ElementsAre(1));
  const auto other = Fetch(Pages(), wire::DataVersion{});
  ASSERT_TRUE(other.ok());
  EXPECT_EQ((*other)->topics.size(), 5000U);
}

TEST_F(FetchTableTest, AMasterWithoutPagesGivesAllAtOnce) {
  Make(5000);
  const auto got = Fetch([this](const PageAsk& ask) { return Whole(ask); });
  ASSERT_TRUE(got.ok());
  EXPECT_EQ((*got)->topics.size(), 5000U);
  EXPECT_EQ(asked_.size(), 1U);
}

TEST_F(FetchTableTest, AChangeMeanwhileBeginsAnew) {
  Make(5000);
  before_page_ = [this] {
    if (asked_.size() == 2) Make(4500);
  };
  const auto got = Fetch(Pages());
  ASSERT_TRUE(got.ok());
  EXPECT_EQ((*got)->topics.size(), 4500U);
}

TEST_F(FetchTableTest, ATableThatNeverStandsStillIsRefused) {
  before_page_ = [this] {
    Make(5000);
  };
  EXPECT_FALSE(Fetch(Pages()).ok());
}

TEST_F(FetchTableTest, AMasterThatAlwaysGivesItsFirstPageIsAskedForAll) {
  Make(5000);
  const auto got = Fetch([this](PageAsk ask) {
    if (ask.first) ask.first = 0;
    return Page(ask);
  });
  ASSERT_TRUE(got.ok());
  EXPECT_EQ((*got)->topics.size(), 5000U);
}

TEST_F(FetchTableTest, ATableWithoutEndIsRefused) {
  Make(100'000);
  const auto fetched = Fetch([this](const PageAsk& ask) -> StatusOr<TablePage<Table>> {
    auto page = Page(ask);
    page->bytes = std::size_t{16} << 20;
    return page;
  });
  ASSERT_FALSE(fetched.ok());
  EXPECT_THAT(fetched.error().message(), testing::HasSubstr("bytes of a table"));
  EXPECT_LT(asked_.size(), 10U);
}

TEST(EntryName, CannotLeaveItsDirectory) {
  EXPECT_TRUE(CheckEntryName("topic", "%RETRY%group").ok());
  for (const std::string bad : {"", ".", "..", "a/b", "a\nb"}) {
    EXPECT_FALSE(CheckEntryName("topic", bad).ok()) << bad;
  }
  EXPECT_FALSE(CheckEntryName("topic", std::string(256, 'a')).ok());
}

}  // namespace
}  // namespace comet::broker
