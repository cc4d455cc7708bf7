#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace comet::cli {

std::string Lower(std::string_view text);

// Insertions, deletions and replacements that turn one into the other, without regard to case.
std::size_t EditDistance(std::string_view a, std::string_view b);

// The name of `range` spelled most like `typed`, if it can be meant: `name_of` gives an element's.
// Null when none is close.
template <class Range, class NameOf>
auto Nearest(const Range& range, std::string_view typed, NameOf name_of)
    -> decltype(&*std::begin(range)) {
  decltype(&*std::begin(range)) nearest = nullptr;
  std::size_t least = 4;  // further apart is no typing error
  for (const auto& element : range) {
    const std::string_view name = name_of(element);
    const std::size_t distance = EditDistance(name, typed);
    if (distance >= least || distance >= name.size()) continue;
    least = distance;
    nearest = &element;
  }
  return nearest;
}

}  // namespace comet::cli
