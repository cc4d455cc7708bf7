#include "broker/snapshot_map.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace comet::broker {
namespace {

using Map = SnapshotMap<int>;

TEST(SnapshotMap, AViewSeesEveryChangeOnItsNextCall) {
  Map map;
  Map::View view(map);
  EXPECT_EQ(view.Find("a"), nullptr);
  map.Put("a", std::make_shared<const int>(1));
  ASSERT_NE(view.Find("a"), nullptr);
  EXPECT_EQ(*view.Find("a"), 1);
  map.Put("a", std::make_shared<const int>(2));
  EXPECT_EQ(*view.Find("a"), 2);
  EXPECT_TRUE(map.Erase("a"));
  EXPECT_EQ(view.Find("a"), nullptr);
}

TEST(SnapshotMap, AskingForOneAfterTheOtherFindsEach) {
  Map map;
  map.Put("a", std::make_shared<const int>(1));
  map.Put("b", std::make_shared<const int>(2));
  Map::View view(map);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(*view.Find("a"), 1);
    EXPECT_EQ(*view.Find("a"), 1);
    EXPECT_EQ(*view.Find("b"), 2);
    EXPECT_EQ(view.Find("c"), nullptr);
    EXPECT_EQ(*view.Find("b"), 2);
  }
}

TEST(SnapshotMap, WhatAViewHoldsOutlivesItsRemoval) {
  Map map;
  map.Put("a", std::make_shared<const int>(1));
  Map::View view(map);
  const int* held = view.Find("a");
  map.Erase("a");
  EXPECT_EQ(*held, 1);  // until the view is asked again
}

TEST(SnapshotMap, CountsAndListsItsEntries) {
  Map map;
  for (int i = 0; i < 500; ++i) map.Put(std::to_string(i), std::make_shared<const int>(i));
  map.Put("7", std::make_shared<const int>(7));
  EXPECT_EQ(map.size(), 500U);
  EXPECT_EQ(map.All().size(), 500U);
  EXPECT_FALSE(map.Erase("none"));
  EXPECT_EQ(map.Find("none"), nullptr);
}

TEST(SnapshotMap, PutAllIsAPutOfEach) {
  Map map;
  Map::View view(map);
  map.Put("7", std::make_shared<const int>(1));
  EXPECT_EQ(*view.Find("7"), 1);
  std::vector<std::pair<std::string, Map::Ptr>> values;
  for (int i = 0; i < 500; ++i) values.emplace_back(std::to_string(i), new const int(i));
  values.emplace_back("9", new const int(-9));  // the later one counts
  map.PutAll(std::move(values));
  EXPECT_EQ(map.size(), 500U);
  EXPECT_EQ(*view.Find("7"), 7);
  EXPECT_EQ(*view.Find("499"), 499);
  EXPECT_EQ(*map.Find("9"), -9);
}

}  // namespace
}  // namespace comet::broker
