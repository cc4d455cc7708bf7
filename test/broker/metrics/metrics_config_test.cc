#include "broker/metrics/metrics_config.h"

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/broker_config.h"
#include "remoting/base/config_file.h"
#include "remoting/base/java_properties.h"

namespace comet::broker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

// Why the line is refused; empty: it is not, and `config` has it.
std::string Refusal(const std::string& line, BrokerConfig* config) {
  const auto text = ParseJavaProperties(line, "broker.conf");
  const auto report = ApplyConfig(*text, std::array{PartOf(*config)});
  return report.ok() ? "" : report.error().message();
}
std::string Refusal(const std::string& line) {
  BrokerConfig config;
  return Refusal(line, &config);
}

TEST(MetricsConfig, TakesTheTypeByNameAndByRocketMqsNumber) {
  for (const auto* text : {"PROM", "prom", "2"}) {
    BrokerConfig config;
    EXPECT_EQ(Refusal(std::string("metricsExporterType=") + text, &config), "");
    EXPECT_EQ(config.metrics_output, MetricsOutput::kProm) << text;
    EXPECT_THAT(PrintConfig(std::array{PartOf(config)}), HasSubstr("\nmetricsExporterType=PROM\n"));
    EXPECT_EQ(Refusal("metricsExporterType=0", &config), "");
    EXPECT_EQ(config.metrics_output, MetricsOutput::kDisable);
  }
}

TEST(MetricsConfig, SaysWhichTypesAreNotBuiltIn) {
  for (const auto* text : {"OTLP_GRPC", "LOG", "1", "3", "PROMETHEUS"}) {
    EXPECT_THAT(Refusal(std::string("\nmetricsExporterType=") + text),
                HasSubstr(std::string("broker.conf:2: metricsExporterType: \"") + text +
                          "\" is not allowed; allowed is DISABLE (0) or PROM (2): OTLP_GRPC and "
                          "LOG are not built in"));
  }
}

TEST(MetricsConfig, IsOffAndOnRocketMqsPortUnlessSaidOtherwise) {
  const BrokerConfig config;
  EXPECT_EQ(config.metrics_output, MetricsOutput::kDisable);
  EXPECT_EQ(config.metrics_port, 5557);
  EXPECT_EQ(config.metrics_host, "");
}

TEST(MetricsConfig, RefusesAHostThatIsNoAddress) {
  EXPECT_EQ(Refusal("metricsPromExporterHost=::1"), "");
  EXPECT_THAT(Refusal("metricsPromExporterHost=localhost"),
              HasSubstr("metricsPromExporterHost: \"localhost\" is not allowed; allowed is an IP"));
  EXPECT_THAT(Refusal("metricsPromExporterPort=65536"), HasSubstr("0 to 65535"));
}

TEST(MetricsConfig, ReadsLabels) {
  EXPECT_THAT(*ParseMetricsLabels(""), IsEmpty());
  EXPECT_THAT(*ParseMetricsLabels("env:test"), ElementsAre(Pair("env", "test")));
  EXPECT_THAT(*ParseMetricsLabels(" env : test ,,_b2:a:b \"c\","),
              ElementsAre(Pair("env", "test"), Pair("_b2", "a:b \"c\"")));
}

TEST(MetricsConfig, RefusesWhatIsNoLabel) {
  for (const auto* text : {"env", "env:", ":test", "2a:x", "a-b:x", "__a:x", "a b:x", "a:\xff",
                           "env:a,env:b", "cluster:x", "node_id:x", "replica:x", "le:x"}) {
    EXPECT_FALSE(ParseMetricsLabels(text).ok()) << text;
    EXPECT_THAT(Refusal(std::string("metricsLabel=") + text),
                HasSubstr("broker.conf:1: metricsLabel: "));
  }
}

TEST(MetricsConfig, BoundsLabels) {
  EXPECT_TRUE(ParseMetricsLabels(std::string(64, 'a') + ':' + std::string(256, 'b')).ok());
  EXPECT_FALSE(ParseMetricsLabels(std::string(65, 'a') + ":b").ok());
  EXPECT_FALSE(ParseMetricsLabels("a:" + std::string(257, 'b')).ok());
  std::string many;
  for (int i = 0; i < 16; ++i) many += "a" + std::to_string(i) + ":b,";
  EXPECT_TRUE(ParseMetricsLabels(many).ok());
  EXPECT_THAT(ParseMetricsLabels(many + "c:d").error().message(), HasSubstr("16 labels"));
}

}  // namespace
}  // namespace comet::broker
