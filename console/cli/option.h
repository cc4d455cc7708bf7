#pragma once

#include <string_view>

namespace comet::cli {

enum class Takes { kNothing, kValue };
enum class Must { kOptional, kRequired };

// One option of a command: -t or --topic, as mqadmin's users type it.
struct Option {
  char letter;            // 0: only the long form exists
  std::string_view name;  // long form; also the name under which Arguments gives the value
  Takes takes;
  Must must;
  std::string_view doc;
};

}  // namespace comet::cli
