// A conf file, or the body of an update request: an error or valid settings, which printed and read
// again are the same. Of a sample and of every part of a program's settings; and the text of the
// delay levels.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "broker/broker_config.h"
#include "namesrv/namesrv_config.h"
#include "remoting/base/check.h"
#include "remoting/base/config_file.h"
#include "remoting/net/net_settings.h"
#include "store/delay_table.h"
#include "store/store_config.h"
#include "test/fuzz/fuzz_target.h"

namespace comet {
namespace {

enum class Mode : std::uint8_t { kSync, kAsync };
constexpr auto NamesOf(Mode /*mode*/) {
  return std::array<std::string_view, 2>{"SYNC_FLUSH", "ASYNC_FLUSH"};
}

struct Sample {
  std::string name;
  std::int32_t number = 7;
  double ratio = 0.5;
  bool flag = false;
  Mode mode = Mode::kAsync;

  static constexpr auto Settings() {
    return Declaration{S(&Sample::name, "brokerName", When::kStart, "Name."),
                       S(&Sample::number, "number", When::kLive, "Number.", Between{1, 9}),
                       S(&Sample::ratio, "ratio", When::kLive, "Ratio.", Between{0, 1}),
                       S(&Sample::flag, "flag", When::kLive, "Flag."),
                       S(&Sample::mode, "flushDiskType", When::kStart, "Mode.")};
  }
};

// What was taken, printed and read again, is the same; and every value is one that a start takes.
template <class Config>
void CheckPrinted(Config& config) {
  const std::array parts = {PartOf(config)};
  const auto printed = PrintConfig(parts, ConfigText::kFile);
  const auto reread = ParseJavaProperties(printed, "printed");
  COMET_CHECK(reread.ok());
  Config again;
  const std::array again_parts = {PartOf(again)};
  COMET_CHECK(ApplyConfig(*reread, again_parts).ok());
  COMET_CHECK_EQ(PrintConfig(again_parts, ConfigText::kFile), printed);
}

template <class Config>
void CheckConfig(const JavaProperties& lines) {
  Config changed;
  const std::array changed_parts = {PartOf(changed)};
  if (ChangeConfig(lines, changed_parts).errors.empty()) CheckPrinted(changed);

  Config loaded;
  const std::array parts = {PartOf(loaded)};
  if (ApplyConfig(lines, parts).ok()) CheckPrinted(loaded);
}

// Without unknown keys: to name the nearest of hundreds takes its time, and the sample does it.
template <class Config>
void CheckKnown(JavaProperties lines) {
  Config config;
  const ConfigPart part = PartOf(config);
  std::erase_if(lines.lines, [&](const PropertyLine& line) {
    return std::none_of(part.rows.begin(), part.rows.end(),
                        [&](const SettingRow& row) { return row.key == line.key; });
  });
  if (!lines.lines.empty()) CheckConfig<Config>(lines);
}

void CheckDelays(std::string_view text) {
  const auto delays = store::DelayTable::Parse(text);
  if (!delays.ok()) return;
  COMET_CHECK_GE(delays->levels(), 0);
  for (std::int64_t level = -1; level <= delays->levels() + 1; ++level) {
    COMET_CHECK_GE(delays->delay_ms(level), 0);
  }
}

void Check(std::string_view text) {
  CheckDelays(text);
  const auto lines = ParseJavaProperties(text, "conf");
  if (!lines.ok()) return;
  CheckConfig<Sample>(*lines);
  CheckKnown<broker::BrokerConfig>(*lines);
  CheckKnown<namesrv::NamesrvConfig>(*lines);
  CheckKnown<net::NetSettings>(*lines);
  CheckKnown<store::StoreConfig>(*lines);
}

}  // namespace
}  // namespace comet

COMET_FUZZ(std::string_view input) {
  comet::Check(input);
}
