#include "console/cli/runtime_figures.h"

#include <charconv>

#include "remoting/base/text.h"

namespace comet::cli {

std::string TextOf(const RuntimeInfo& info, const std::string& key, std::string_view otherwise) {
  const auto at = info.find(key);
  return at == info.end() ? std::string(otherwise) : at->second;
}

std::int64_t NumberOf(const RuntimeInfo& info, const std::string& key) {
  return ParseNumber<std::int64_t>(TextOf(info, key)).value_or(0);
}

double DecimalOf(const RuntimeInfo& info, const std::string& key) {
  const std::string text = TextOf(info, key);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace comet::cli
