#pragma once

#include <string>
#include <utility>

namespace comet {

// Which messages of a topic are wanted. A value.
struct Filter {
  std::string expression = "*";

  static Filter all() { return {}; }
  // One tag or several: "paid || refunded".
  static Filter tag(std::string expression) { return {std::move(expression)}; }
};

}  // namespace comet
