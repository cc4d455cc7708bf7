// A conf file, or the body of an update request: an error or valid settings, which printed and read
// again are the same.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "remoting/base/check.h"
#include "remoting/base/config_file.h"
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
    return std::tuple{S(&Sample::name, "brokerName", When::kStart, "Name."),
                      S(&Sample::number, "number", When::kLive, "Number.", Between{1, 9}),
                      S(&Sample::ratio, "ratio", When::kLive, "Ratio.", Between{0, 1}),
                      S(&Sample::flag, "flag", When::kLive, "Flag."),
                      S(&Sample::mode, "flushDiskType", When::kStart, "Mode.")};
  }
};

void Check(std::string_view text) {
  const auto lines = ParseJavaProperties(text, "conf");
  if (!lines.ok()) return;
  Sample changed;
  const std::array changed_parts = {PartOf(changed)};
  ChangeConfig(*lines, changed_parts);
  COMET_CHECK(changed.number >= 1 && changed.number <= 9);

  Sample loaded;
  const std::array parts = {PartOf(loaded)};
  if (!ApplyConfig(*lines, parts).ok()) return;
  const auto printed = PrintConfig(parts, ConfigText::kFile);
  const auto reread = ParseJavaProperties(printed, "printed");
  COMET_CHECK(reread.ok());
  Sample again;
  const std::array again_parts = {PartOf(again)};
  COMET_CHECK(ApplyConfig(*reread, again_parts).ok());
  COMET_CHECK_EQ(PrintConfig(again_parts, ConfigText::kFile), printed);
}

}  // namespace
}  // namespace comet

COMET_FUZZ(std::string_view input) {
  comet::Check(input);
}
