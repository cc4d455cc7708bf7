#include "store/layout.h"

#include "remoting/base/text.h"

namespace comet::store {
namespace {

constexpr std::size_t kDigits = 20;

}  // namespace

std::string SegmentName(std::int64_t base) {
  const std::string digits = std::to_string(base);
  return std::string(kDigits - digits.size(), '0') + digits;
}

std::optional<std::int64_t> SegmentBase(std::string_view name) {
  if (name.size() != kDigits) return std::nullopt;
  const auto base = ParseNumber<std::int64_t>(name);
  if (!base || *base < 0) return std::nullopt;
  return base;
}

bool IsQueueName(std::string_view topic, std::int32_t id) {
  constexpr std::size_t kNameBytesMax = 255;  // of a directory
  if (id < 0 || topic.empty() || topic.size() > kNameBytesMax) return false;
  if (topic == "." || topic == "..") return false;
  return topic.find('/') == std::string_view::npos && topic.find('\0') == std::string_view::npos;
}

std::string PathIn(const std::string& directory, std::string_view name) {
  return Concat(directory, '/', name);
}

}  // namespace comet::store
