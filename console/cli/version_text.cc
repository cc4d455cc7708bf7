#include "console/cli/version_text.h"

#include "remoting/base/text.h"

namespace comet::cli {
namespace {

constexpr std::int32_t kFirst4 = 213;  // 4.0.0; every release takes two numbers, every minor 20
constexpr std::int32_t kFirst5 = 413;
constexpr std::int32_t kHigher = 612;

}  // namespace

std::string VersionText(std::int32_t version) {
  if (version >= kHigher) return "HIGHER_VERSION";
  if (version < kFirst4 - 1) return Concat(version);
  const bool snapshot = version % 2 == 0;  // numbered just below its release
  const std::int32_t release = snapshot ? version + 1 : version;
  const std::int32_t major = release >= kFirst5 ? 5 : 4;
  const std::int32_t rest = release - (major == 5 ? kFirst5 : kFirst4);
  return Concat("V", major, "_", rest / 20, "_", rest % 20 / 2, snapshot ? "_SNAPSHOT" : "");
}

}  // namespace comet::cli
