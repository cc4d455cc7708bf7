#include <cstdlib>

#include <gtest/gtest.h>

#include "remoting/base/describe_json.h"
#include "remoting/base/posix_file_system.h"
#include "remoting/wire/bodies/offset_tables.h"
#include "store/meta/json_export.h"
#include "store/meta/json_files.h"
#include "store/meta/json_import.h"
#include "test/base/temp_directory.h"
#include "test/base/whole_file.h"

namespace comet::store::meta {
namespace {

class GoldenConfigTest : public testing::TestWithParam<std::string> {
 protected:
  GoldenConfigTest() {
    const std::string archive =
        std::string(COMET_SOURCE_DIR) + "/test/golden/store/store-" + GetParam() + ".tar.gz";
    const std::string command = "tar -xzf " + archive + " -C " + directory_.path();
    COMET_CHECK(std::system(command.c_str()) == 0);  // NOLINT: a test's own words
    config_ = directory_ / ("store-" + GetParam() + "/config");
    meta_ = MetaStore::Open({directory_ / "meta"}).Take();
  }
  static Json Parse(const std::string& path) {
    auto json = ParseJson(ReadWholeFile(path));
    COMET_CHECK(json.ok());
    return json.Take();
  }

  TempDirectory directory_;
  std::string config_;
  PosixFileSystem fs_;
  std::unique_ptr<MetaStore> meta_;
};

TEST_P(GoldenConfigTest, WhatABrokerWroteIsImportedAndWrittenBackWithTheSameMembers) {
  const auto report = ImportJson(fs_, config_, *meta_);
  ASSERT_TRUE(report.ok()) << report.error().message();
  ASSERT_TRUE(report->imported);
  EXPECT_TRUE(report->notes.empty()) << report->notes.front();
  const Json topics = Parse(config_ + "/topics.json");
  EXPECT_EQ(report->topics, topics.Find("topicConfigTable")->AsObject()->size());
  const Json groups = Parse(config_ + "/subscriptionGroup.json");
  EXPECT_EQ(report->groups, groups.Find("subscriptionGroupTable")->AsObject()->size());
  EXPECT_GT(report->consumer_offsets, 5U);
  EXPECT_GT(report->delay_offsets, 1U);

  ASSERT_TRUE(ExportJson(fs_, directory_ / "out", *meta_).ok());
  for (const auto& [file, table] : {std::pair{kTopicsFile, "topicConfigTable"},
                                    {kGroupsFile, "subscriptionGroupTable"},
                                    {kOffsetsFile, "offsetTable"},
                                    {kDelayFile, "offsetTable"}}) {
    const Json theirs = Parse(config_ + "/" + std::string(file));
    const Json ours = Parse(directory_ / ("out/" + std::string(file)));
    ASSERT_EQ(ours.Find(table)->AsObject()->size(), theirs.Find(table)->AsObject()->size());
    for (const auto& row : *theirs.Find(table)->AsObject()) {
      // 5.x knows members that 4.x does not; what was there must be there again, and equal.
      const auto& rows = *ours.Find(table)->AsObject();
      const auto same = std::find_if(rows.begin(), rows.end(),
                                     [&](const auto& one) { return one.key == row.key; });
      ASSERT_NE(same, rows.end()) << file;
      if (file == kOffsetsFile || file == kDelayFile) {
        EXPECT_EQ(same->value, row.value) << file;
        continue;
      }
      for (const auto& member : *row.value.AsObject()) {
        const Json* written = same->value.Find(*member.key.AsString());
        ASSERT_NE(written, nullptr) << file << ' ' << *member.key.AsString();
        EXPECT_EQ(*written, member.value) << file << ' ' << *member.key.AsString();
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, GoldenConfigTest,
                         testing::Values("4.9.7-clean", "4.9.7-crash", "5.3.3-clean",
                                         "5.3.3-crash"),
                         [](const auto& store) {
                           std::string name = store.param;
                           std::replace_if(
                               name.begin(), name.end(), [](char c) { return !std::isalnum(c); },
                               '_');
                           return name;
                         });

}  // namespace
}  // namespace comet::store::meta
