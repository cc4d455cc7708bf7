#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mqadmin_fixture.h"
#include "remoting/base/text.h"
#include "test/base/temp_directory.h"
#include "test/base/whole_file.h"

namespace comet::cli {
namespace {

class MqadminExport : public MqadminTest {
 protected:
  MqadminExport() {
    Out({"updateTopic", "-b", Broker(), "-t", "orders", "-r", "3", "-w", "2"});
    Out({"updateSubGroup", "-b", Broker(), "-g", "billing"});
  }

  // The document that a command has written.
  Json Written(std::vector<std::string_view> words, const std::string& file) {
    words.insert(words.end(), {"-f", folder_});
    EXPECT_EQ(Out(words), Concat("export ", folder_, "/", file, " success\n"));
    const auto text = ReadWholeFile(folder_ + "/" + file);
    auto document = ParseJson(text);
    EXPECT_TRUE(document.ok()) << text;
    return document.ok() ? document.Take() : Json();
  }

  const TempDirectory directory_;
  const std::string folder_ = directory_ / "export";
};

TEST_F(MqadminExport, MetadataHasWhatUsersMade) {
  const Json all = Written({"exportMetadata", "-c", "DefaultCluster"}, "metadata.json");
  const Json& topics = *all.Find("topicConfigTable");
  EXPECT_EQ(topics.AsObject()->size(), 1U);
  EXPECT_EQ(*topics.Find("orders")->Find("readQueueNums"), Json(std::int64_t{3}));
  const Json& groups = *all.Find("subscriptionGroupTable");
  EXPECT_EQ(groups.AsObject()->size(), 1U);
  EXPECT_NE(groups.Find("billing"), nullptr);
  EXPECT_NE(all.Find("exportTime"), nullptr);
}

TEST_F(MqadminExport, QueuesOfSeveralMastersAreAddedUp) {
  cluster_.AddBroker("broker-b");
  OutWith("broker-b", {"clusterList"});
  Out({"updateTopic", "-c", "DefaultCluster", "-t", "orders", "-r", "3", "-w", "2"});
  const Json all = Written({"exportMetadata", "-c", "DefaultCluster", "-t"}, "topic.json");
  EXPECT_EQ(*all.Find("topicConfigTable")->Find("orders")->Find("readQueueNums"),
            Json(std::int64_t{6}));
  EXPECT_EQ(all.Find("subscriptionGroupTable"), nullptr);
}

TEST_F(MqadminExport, MetadataOfABrokerWantsToKnowWhich) {
  const std::string broker = Broker();
  EXPECT_EQ(Admin({"exportMetadata", "-b", broker}).code, ExitCode::kUsage);
  EXPECT_NE(Written({"exportMetadata", "-b", broker, "-t"}, "topic.json").Find("dataVersion"),
            nullptr);
  EXPECT_NE(Written({"exportMetadata", "-b", broker, "-g"}, "subscriptionGroup.json")
                .Find("subscriptionGroupTable")
                ->Find("billing"),
            nullptr);
}

TEST_F(MqadminExport, ConfigsCountTheCluster) {
  const Json all = Written({"exportConfigs", "-c", "DefaultCluster"}, "configs.json");
  EXPECT_EQ(*all.Find("clusterScale")->Find("masterBrokerSize"), Json(std::int64_t{1}));
  EXPECT_EQ(*all.Find("brokerConfigs")->Find("broker-a")->Find("fileReservedTime"),
            Json(std::string("72")));
}

TEST_F(MqadminExport, MetricsHaveAReportOfEachBroker) {
  const Json all = Written({"exportMetrics", "-c", "DefaultCluster"}, "metrics.json");
  const Json& report = *all.Find("evaluateReport")->Find("broker-a");
  EXPECT_EQ(*report.Find("runtimeQuota")->Find("topicSize"), Json(std::int64_t{1}));
  EXPECT_EQ(*all.Find("totalData")->Find("totalTps")->Find("totalNormalInTps"), Json(0.0));
}

TEST_F(MqadminExport, AFolderThatCannotBeMadeIsAFailure) {
  EXPECT_EQ(Admin({"exportConfigs", "-c", "DefaultCluster", "-f", "/dev/null/nowhere"}).code,
            ExitCode::kFailed);
  EXPECT_EQ(Admin({"exportConfigs", "-c", "nowhere", "-f", folder_}).code, ExitCode::kNotFound);
}

}  // namespace
}  // namespace comet::cli
