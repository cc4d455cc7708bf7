#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/cli/option.h"
#include "remoting/base/status_or.h"

namespace comet::cli {

// What was typed behind the command's name, checked against its options. Values are trimmed, as
// mqadmin's users expect. Getters take long names of the command's options, and only those.
class Arguments {
 public:
  static constexpr std::int64_t kIntMax = std::numeric_limits<std::int32_t>::max();  // of Java
  static constexpr std::int64_t kLongMax = std::numeric_limits<std::int64_t>::max();

  // Accepts -t V, -tV, -t=V, --topic V, --topic=V and -topic V, in any order; the last of
  // equal options counts. Errors name the option.
  static StatusOr<Arguments> Parse(std::span<const Option> options,
                                   std::span<const std::string_view> words);

  bool Has(std::string_view name) const { return values_.count(std::string(name)) != 0; }
  // Empty when it was not given.
  std::string Text(std::string_view name) const;
  std::string TextOr(std::string_view name, std::string_view otherwise) const;
  // kInvalid with the option's name when the text is no number, or outside [low, high].
  StatusOr<std::int64_t> NumberOr(std::string_view name, std::int64_t otherwise, std::int64_t low,
                                  std::int64_t high) const;
  // true or false in any case; everything else is an error, never silently false.
  StatusOr<bool> BoolOr(std::string_view name, bool otherwise) const;

  // kInvalid unless exactly one of the two was given.
  Status ExactlyOne(std::string_view one, std::string_view other) const;

 private:
  std::map<std::string, std::string> values_;
};

// Parts of a list; empty ones are left out, blanks around them too.
std::vector<std::string> SplitList(std::string_view text, char separator);
std::string Trim(std::string_view text);

}  // namespace comet::cli
